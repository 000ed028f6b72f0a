"""Prove that a connection works and may do what the work needs, and learn what the shop is like.

Every call below needs the right that some of our work needs, and in Magento one right is for reading and writing alike
(``Magento_Catalog::products``). Nothing is changed.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from tillbridge.domain.errors import MissingRightError
from tillbridge.systems.common.sending import Sender
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.http import Request
from tillbridge.systems.http.clock import Clock
from tillbridge.systems.magento import diagnosis
from tillbridge.systems.magento.api.client import MagentoClient
from tillbridge.systems.magento.api.refusals import RefusedError
from tillbridge.systems.magento.api.search import Criteria, Where
from tillbridge.systems.magento.api.wire import SourceItemRow, SourceRow, StoreConfigRow, WebsiteRow
from tillbridge.systems.magento.products.attributes import BRAND_CODE
from tillbridge.systems.magento.products.terms import Terms
from tillbridge.systems.magento.traits import DEFAULT_SOURCE
from tillbridge.systems.shop import ShopProfile

NEEDED = (
    ("products", "entity_id"),
    ("products/attributes", "attribute_id"),
    ("products/attribute-sets/sets/list", "attribute_set_id"),
    ("orders", "entity_id"),
    ("shipments", "entity_id"),
)
"""Lists that the work needs, and by what they are sorted."""

LONGEST_VERSION = 60
MOST_OFF = 300.0
"""Seconds; beyond ten minutes ahead of the shop no signature counts."""


@dataclass(frozen=True, slots=True)
class ConnectionCheck:
    """Checks one shop with its secrets."""

    http: Sender
    client: MagentoClient
    clock: Clock
    no_bulks: str = ""  # why bulks, which are wanted, are not used

    def run(self) -> ShopProfile:
        """Ask everything; raises ``MisconfiguredSystemError``, ``UnauthorisedError`` or ``MissingRightError``."""
        self._rights()
        configs = self._configs()
        websites = [row for row in self._websites() if row.id]
        sources = self._sources()
        source = _chosen(sources or [])
        terms = Terms(self.client, _Nothing())
        return ShopProfile(
            name=websites[0].name if websites else urlsplit(self.client.address).hostname or "",
            address=self.client.address,
            version=self._version(),
            currency=configs[0].base_currency_code,
            prices_include_tax=False,
            time_zone=configs[0].timezone or "UTC",
            brands=BRAND_CODE in terms.attributes.selects(),
            tax_classes=tuple(self._tax_classes(terms)),
            warnings=(*self._warnings(configs, websites, sources, source), *diagnosis.without_bulks(self.no_bulks)),
            places={row.source_code: row.name or row.source_code for row in sources or [] if row.enabled},
            details={"multi_source": "no" if sources is None else "yes", "source": source},
        )

    def _rights(self) -> None:
        """Ask for everything the work needs, and name all that is missing at once."""
        missing: list[MissingRightError] = []
        asked = 0
        for route, key in (*NEEDED, ("categories", "")):
            asked += 1
            try:
                if key:
                    self.client.page(route, Criteria(order=(key,), size=1))
                else:
                    self.client.read(route)
            except MissingRightError as error:
                missing.append(error)
            except RefusedError as error:
                if error.refusal.no_route:
                    raise diagnosis.no_magento(self.client.subject) from error
                raise
        if len(missing) == asked:
            raise diagnosis.not_let_in(self.client.subject)
        if missing:
            raise diagnosis.rights_missing(missing, self.client.subject)

    def _configs(self) -> list[StoreConfigRow]:
        said = self.client.read("store/storeConfigs")
        rows = parsed(list[StoreConfigRow], said, self.client.subject, "The store configurations")
        if not rows:
            raise diagnosis.no_magento(self.client.subject)
        return rows

    def _websites(self) -> list[WebsiteRow]:
        said = self.client.read("store/websites")
        return parsed(list[WebsiteRow], said, self.client.subject, "The list of websites")

    def _sources(self) -> list[SourceRow] | None:
        """List the places that goods are in; ``None`` where the inventory modules are off."""
        try:
            pages = list(self.client.pages("inventory/sources", Criteria(order=("source_code",))))
        except RefusedError as error:
            if not error.refusal.no_route:
                raise
            return None
        what = "The list of sources"
        return [row for page in pages for row in parsed(list[SourceRow], page.rows, self.client.subject, what)]

    def _tax_classes(self, terms: Terms) -> list[str]:
        """List the tax classes of products; a shop that does not let us look has none for us."""
        try:
            return list(terms.tax_classes())
        except (MissingRightError, RefusedError):
            return []

    def _version(self) -> str:
        """Read what the shop calls itself; many hide it, and none tells its patch level."""
        answer = self.http.exchange(Request(method="GET", url=f"{self.client.address}/magento_version"))
        told = answer.body[:LONGEST_VERSION].decode(errors="replace").strip() if answer.ok else ""
        return told if told.startswith("Magento/") else ""

    def _warnings(
        self, configs: list[StoreConfigRow], websites: list[WebsiteRow], sources: list[SourceRow] | None, source: str
    ) -> list[str]:
        found = [diagnosis.TAX_UNKNOWN]
        if self.client.address.startswith("http://"):
            found.append(diagnosis.NO_TLS)
        if len(websites) > 1:
            found.append(diagnosis.SEVERAL_WEBSITES.format(names=", ".join(row.name or row.code for row in websites)))
        currencies = sorted({row.base_currency_code for row in configs})
        if len(currencies) > 1:
            found.append(diagnosis.SEVERAL_CURRENCIES.format(names=", ".join(currencies)))
        if sources is None:
            found.append(diagnosis.SINGLE_STOCK)
        elif others := self._others_with_stock(sources, source):
            found.append(diagnosis.OTHER_SOURCES.format(source=source, names=", ".join(others)))
        if self.client.served_at:
            off = abs((self.client.served_at - self.clock.now()).total_seconds())
            if off > MOST_OFF:
                found.append(diagnosis.CLOCKS_DIFFER.format(minutes=round(off / 60)))
        return found

    def _others_with_stock(self, sources: list[SourceRow], chosen: str) -> list[str]:
        """Name the further sources that have stock, by one row of each."""
        found: list[str] = []
        for row in sources:
            if row.enabled and row.source_code != chosen:
                where = (Where("source_code", row.source_code), Where("quantity", "0", "gt"))
                page = self.client.page("inventory/source-items", Criteria(where, ("sku",), size=1))
                if parsed(list[SourceItemRow], page.rows, self.client.subject, "The list of source items"):
                    found.append(row.source_code)
        return found


def _chosen(sources: list[SourceRow]) -> str:
    """Choose where a figure goes that names no place: Magento's own default, or the first that is in use."""
    enabled = [row.source_code for row in sources if row.enabled]
    return DEFAULT_SOURCE if DEFAULT_SOURCE in enabled or not enabled else enabled[0]


class _Nothing:
    """A vocabulary that keeps nothing: a check leaves no trace."""

    def get(self, kind: str, name: str) -> str | None:
        del kind, name
        return None

    def put(self, kind: str, names: object) -> None:
        """Keep nothing."""

    def forget(self, kind: str) -> None:
        """There is nothing to forget."""
