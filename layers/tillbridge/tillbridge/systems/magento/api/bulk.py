"""Have the shop work off many saves by itself: asynchronous bulks (facts/magento.md, section 6).

They need the shop's consumers, which may not run. What was taken then stays open, cannot be called back, and is done
whenever somebody starts them. So before anything is sent a bulk that only reads proves that they run, few saves wait at
a time, and where some are left the interface is not used for a day. Whoever sends them goes on one by one then.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeAlias

from pydantic import ValidationError

from tillbridge.domain.errors import ItemRejectedError, MisconfiguredSystemError, MissingRightError, SystemDownError
from tillbridge.systems.common.pieces import in_pieces
from tillbridge.systems.common.wire import parsed
from tillbridge.systems.http.clock import Clock
from tillbridge.systems.magento.api.client import MagentoClient
from tillbridge.systems.magento.api.wire import BulkRow, BulkStatusRow, OperationRow, ProductRow
from tillbridge.systems.shop import Vocabulary

JsonBody: TypeAlias = Mapping[str, object]

LARGE = 20
"""Fewer saves go one by one: the proof and the waiting would cost more."""
PIECE = 25
"""Saves that wait at a time; a consumer takes about a second for each."""
PROOF, PRODUCTS = "products/base-prices-information", "products"

PAUSES = (1.0, 2.0, 3.0, 5.0, 5.0, 8.0, 8.0, 13.0)
"""Seconds before each look at what is open, three quarters of a minute together."""
PAUSES_OF_PROOF = (1.0, 2.0, 4.0, 8.0)

DONE, OPEN = 1, 4
OFF = ("bulk", "off since")
REST = timedelta(days=1)
FIREWALL = "Http403"


@dataclass(slots=True)
class Bulks:
    """The bulk interface of one shop; ``wanted`` is the merchant's choice, ``told`` hears why it is not used."""

    client: MagentoClient
    vocabulary: Vocabulary
    clock: Clock
    wanted: bool
    told: Callable[[str], None] = lambda _: None
    _saved: dict[str, ProductRow] = field(default_factory=dict, init=False)
    _proved: bool = field(default=False, init=False)

    @property
    def open_road(self) -> bool:
        """Tell whether it is wanted and nothing is known against it; asks nothing."""
        return self.wanted and not self.why_off

    @property
    def why_off(self) -> str:
        """Say why it is not used at present, "" while it may be."""
        return why_off(self.vocabulary, self.clock.now())

    def usable(self) -> bool:
        """Tell whether saves may be sent; proves it once per run."""
        if self.open_road and not self._proved:
            self._proved = self._prove()
        return self.open_road

    def save(self, bodies: Sequence[JsonBody]) -> Sequence[JsonBody]:
        """Have products saved; gives those of which nobody knows whether they were.

        What the shop refused, or failed on, is left to whoever sends it once more by itself, and hears why.
        """
        unknown: list[JsonBody] = []
        for piece in in_pieces(bodies, PIECE):
            operations = self._done(PRODUCTS, [{"product": body} for body in piece], PAUSES) if self.open_road else {}
            for place, body in enumerate(piece):
                operation = operations.get(place)
                row = _result(operation, body)
                if row is not None:
                    self._saved[_key(body)] = row
                elif operation is not None and operation.status in {DONE, OPEN}:
                    unknown.append(body)
        return unknown

    def keep(self, body: JsonBody, row: ProductRow) -> None:
        """Note that a save has been done after all."""
        self._saved[_key(body)] = row

    def saved(self, body: JsonBody) -> ProductRow | None:
        """Give the product as the shop saved it, once; ``None`` where it did not."""
        return self._saved.pop(_key(body), None) if self._saved else None

    def _prove(self) -> bool:
        """See whether anything works off what is taken, by something that changes nothing whenever it is done."""
        self._done(PROOF, [{"skus": []}], PAUSES_OF_PROOF)
        return self.open_road

    def _done(self, route: str, bodies: Sequence[JsonBody], pauses: Sequence[float]) -> Mapping[int, OperationRow]:
        """Send and wait; gives what became of each by its place. Trouble of the shop itself is raised."""
        found: dict[int, OperationRow] = {}
        with self._unless_refused():
            said = self.client.write_bulk(route, bodies)
            bulk = parsed(BulkRow, said, self.client.subject, "An accepted bulk")
            found = {place: OperationRow(id=place, status=OPEN) for place in range(len(bodies))}
            found |= self._waited(bulk.bulk_uuid, pauses)
        return found

    @contextmanager
    def _unless_refused(self) -> Iterator[None]:
        """Use the interface no more once the shop, or something before it, refuses it."""
        try:
            yield
        except (ItemRejectedError, MissingRightError, MisconfiguredSystemError) as refusal:
            self._off(f"The shop refuses bulks: {refusal.happened}")
        except SystemDownError as trouble:
            if trouble.code != FIREWALL:
                raise
            self._off(f"The shop refuses bulks: {trouble.happened}")

    def _waited(self, bulk: str, pauses: Sequence[float]) -> Mapping[int, OperationRow]:
        found: dict[int, OperationRow] = {}
        for pause in pauses:
            self.clock.sleep(pause)
            said = self.client.read(f"bulk/{bulk}/detailed-status")
            rows = parsed(BulkStatusRow, said, self.client.subject, "The status of a bulk").operations_list
            found = {row.id: row for row in rows}
            if found and all(row.status != OPEN for row in rows):
                return found
        self._off("The shop takes bulks and does not work them off in time: its consumers (cron) do not run.")
        return found

    def _off(self, why: str) -> None:
        self.vocabulary.put(OFF[0], {OFF[1]: f"{self.clock.now().isoformat()} {why}"})
        self.told(why)


def why_off(vocabulary: Vocabulary, now: datetime) -> str:
    """Say why bulks have been given up for a day, "" while they have not."""
    moment, _, why = (vocabulary.get(*OFF) or "").partition(" ")
    return why if moment and now - datetime.fromisoformat(moment) < REST else ""


def _key(body: JsonBody) -> str:
    return json.dumps(body, sort_keys=True)


def _result(operation: OperationRow | None, body: JsonBody) -> ProductRow | None:
    """Read the product that a save answered with; whatever is not surely its own is not believed."""
    if operation is None or operation.status != DONE:
        return None
    try:
        row = ProductRow.model_validate_json(operation.result_serialized_data or "")
    except ValidationError:
        return None
    return row if row.sku.casefold() == str(body.get("sku")).casefold() else None
