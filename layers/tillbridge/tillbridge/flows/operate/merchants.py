"""Add merchants, list them, and show and change their settings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from tillbridge.domain.errors import InputError
from tillbridge.domain.merchant import Lane, Merchant
from tillbridge.domain.settings import MerchantSettings
from tillbridge.flows.operate.answers import MerchantAnswer, SettingAnswer, SettingsAnswer
from tillbridge.flows.operate.order_choices import ORDERS, OrderChoices
from tillbridge.flows.operate.register import Register
from tillbridge.flows.ports import Clock, Deadline, Lanes


class SettingsText(Protocol):
    """Settings as a person writes them: name -> text. ``store.settings_codec`` is one."""

    @property
    def TAKES(self) -> Mapping[str, str]:  # noqa: N802 - the name of a constant
        """Say what each setting takes."""
        ...

    def settings_texts(self, settings: MerchantSettings) -> Mapping[str, str]:
        """Write every setting as text, in the order to show."""
        ...

    def change_settings(self, settings: MerchantSettings, changes: Mapping[str, str]) -> MerchantSettings:
        """Read changes, all of them or none; ``InputError`` names the setting, what is wrong and what it takes."""
        ...


MEANINGS: Mapping[str, str] = {
    "selection": "which items of the till go to the shops",
    "selection_tag": "the tag that an item or its matrix carries in the till, while selection is tag",
    "new_products": "whether shoppers see a product as soon as it is created",
    "sku_sources": "the fields of the till that serve as SKU, the first that is filled",
    "match_by": "by what items find listings that a shop has already, the strongest first",
    "regular_price_level": "the price level that shops show",
    "sale_price_level": "the price level that shops show as reduced price",
    "msrp_level": "the price level that shops show as the maker's recommended price, where they have such a field",
    "tax_classes": "the shop's tax class for each tax class of the till",
    "stock_locations": "the locations of the till whose stock counts",
    "stock_mode": "what a shop shows of them: sum, pick (the one that has most) or map (each at a place of the shop)",
    "stock_places": "with map, the place of a shop at which the stock of a location is shown",
    "safety_stock": "units that are kept off the web",
    "safety_by_location": "units that are kept back at a location, before its stock is counted",
    "safety_by_category": "safety stock of the items in a category of the till and below it, the nearest one counts",
    "safety_by_item": "safety stock of an item, instead of its category's or the merchant's",
    "backorders": "whether a shop is told a figure below zero when more was sold than there is",
    "locations_by_shop": "the locations that count for one shop, instead of stock_locations",
    "mode_by_shop": "what one shop shows of them, instead of stock_mode",
    "safety_by_shop": "safety stock in one shop, instead of safety_stock",
    "bulk_shops": "the shops to which large writes go as bulks: faster, where Magento's consumers run",
    "send_images": "whether pictures are sent",
    "owners": "who decides a field: till, creation (first the till, then the shop) or shop (new products lack it)",
    "guard_zeroed": "how many listings may go to zero within an hour before a person has to look",
    "guard_unpublished": "how many listings may be taken off sale within an hour before a person has to look",
    "guard_repriced": "how many products may get another price within an hour before a person has to look",
    "guard_price": "how far one price may go up or down before a person has to look",
    "guard_created": "how many products may be created within an hour, once the shop is filled",
    "guard_floor": "so many listings are never held for their share alone",
    "orders_since": "from when on web orders become sales of the till",
    "orders_ready": "how far an order has to be to become a sale",
    "orders_statuses": "how far orders are that have a status of the shop's own",
    "orders_locations": "the location that sells the orders of a shop",
    "orders_registers": "the register that sells web orders in a location",
    "orders_employee": "who sells web orders",
    "orders_payment_types": "the payment type of the till for each way to pay in the shops",
    "orders_tax": "whether the till works out the tax of a sale, or the shop's becomes a line",
    "orders_tax_categories": "the tax categories of which the one is taken that comes to what the shop charged",
    "orders_items": "the items as which shipping, fees and the like are sold, instead of a line with a name",
    "orders_unlinked": "what becomes of a product that no item is linked with: a line with its name, or it waits",
    "orders_customer": "whom a sale names: the buyer (each), the buyer if the till knows them (found), one, none",
    "orders_web_customer": "the customer of all web orders, while orders_customer is one",
    "orders_rounding": "by how much a sale may differ from its order; the difference becomes a line, more parks it",
    "orders_currency": "the currency of the till",
    "orders_rates": "what foreign currencies are worth; an order in any other one waits for a person",
    "orders_return_money": "whether WooCommerce and Shopify pay back by themselves what comes back at the till",
}


@dataclass(frozen=True, slots=True)
class MerchantDesk:
    """Merchants and what they have chosen."""

    register: Register
    text: SettingsText
    lanes: Lanes
    clock: Clock
    orders: OrderChoices

    def add(self, merchant_id: str, name: str, email: str = "") -> MerchantAnswer:
        """Add a merchant with settings that show nothing to shoppers yet; an id can be taken once."""
        merchant = Merchant(merchant_id=merchant_id, name=name, email=email, created_at=self.clock.now())
        self.register.merchants.add(merchant)
        return _answer(merchant)

    def list(self) -> Sequence[MerchantAnswer]:
        """List all merchants by id."""
        return [_answer(merchant) for merchant in self.register.merchants.list()]

    def contact(self, merchant_id: str, email: str) -> MerchantAnswer:
        """Change where mails about a merchant's connections go; "" for nowhere."""
        merchant = replace(self.register.merchant(merchant_id), email=email)
        self.register.merchants.save(merchant)
        return _answer(merchant)

    def settings(self, merchant_id: str, changes: Mapping[str, str], deadline: Deadline) -> SettingsAnswer:
        """Show the settings, after changing those that are named.

        While orders are imported and a choice about them changes, those that are not made yet are filled in by what
        the till has, and whatever is wrong with any of them is told. Orders that waited for it are looked at again.

        Every shop looks at everything again after a change, also after one that was there already: whoever repeats a
        command that broke off gets what the first one could not finish. Choices about orders change nothing in shops.
        """
        merchant = self.register.merchant(merchant_id)
        before = self.text.settings_texts(merchant.settings)
        if not changes:
            return self._show(merchant)
        changed = replace(merchant, settings=self.text.change_settings(merchant.settings, changes))
        self._check_shops(changed, changes)
        missing: tuple[str, ...] = ()
        about_orders = {name for name in changes if name.startswith(ORDERS)}
        if about_orders:
            changed, missing = self.orders.fitted(changed, deadline)
        after = self.text.settings_texts(changed.settings)
        self.register.merchants.save(changed)
        shops = self._look_again(changed) if changes.keys() - about_orders else ()
        orders = self.orders.try_again(changed, about_orders) if about_orders else 0
        if about_orders:
            missing += tuple(self.orders.lacking(changed, deadline))
        return self._show(
            changed,
            changed=tuple(name for name in after if after[name] != before.get(name)),
            shops=shops,
            missing=missing,
            orders=orders,
        )

    def _check_shops(self, merchant: Merchant, changes: Mapping[str, str]) -> None:
        """Refuse settings of a shop that this merchant does not have; those of a former shop may stay."""
        shops = {shop.connection_id for shop in self.register.shops(merchant)}
        for name, named in merchant.settings.shops_named.items():
            if name in changes and (unknown := named - shops):
                raise InputError(
                    name,
                    f"The setting {name} speaks of {min(unknown)}, a shop that {merchant.merchant_id} does not have.",
                    remedy=f"`tillbridge connections` shows its shops: {', '.join(sorted(shops)) or 'none yet'}.",
                    code="WrongSetting",
                )

    def _look_again(self, merchant: Merchant) -> tuple[str, ...]:
        """Wake the shops that work; a broken one looks at everything when it is connected again."""
        shops = [shop for shop in self.register.shops(merchant) if shop.working]
        for shop in shops:
            self.lanes.wake(shop, Lane.CATALOGUE, "resync")
        return tuple(shop.connection_id for shop in shops)

    def _show(
        self,
        merchant: Merchant,
        changed: tuple[str, ...] = (),
        shops: tuple[str, ...] = (),
        missing: tuple[str, ...] = (),
        orders: int = 0,
    ) -> SettingsAnswer:
        defaults = self.text.settings_texts(MerchantSettings())
        return SettingsAnswer(
            merchant=merchant.merchant_id,
            settings=tuple(
                SettingAnswer(
                    name=name,
                    value=value,
                    default=defaults[name],
                    own=value != defaults[name],
                    meaning=MEANINGS.get(name, ""),
                    takes=self.text.TAKES.get(name, ""),
                )
                for name, value in self.text.settings_texts(merchant.settings).items()
            ),
            changed=changed,
            shops=shops,
            missing=missing,
            orders=orders,
        )


def _answer(merchant: Merchant) -> MerchantAnswer:
    return MerchantAnswer(
        merchant=merchant.merchant_id, name=merchant.name, created_at=merchant.created_at, contact=bool(merchant.email)
    )
