"""All resources of the account, with how they are written."""

from collections.abc import Callable

from sandbox.lightspeed.api.body import Body
from sandbox.lightspeed.api.endpoint import Endpoint, ResourceEndpoint, Writers
from sandbox.lightspeed.api.item_writes import create_item, update_item, update_item_shop
from sandbox.lightspeed.api.items import (
    image_resource,
    item_resource,
    item_shop_resource,
    matrix_resource,
    prices,
    short_item_shops,
)
from sandbox.lightspeed.api.others import sale_resource, small_resources, written_sale
from sandbox.lightspeed.api.people import customers, ship_to_resource
from sandbox.lightspeed.api.sale_writes import archive_sale, create_sale, refund_sale, sale_by_ticket, update_sale
from sandbox.lightspeed.data.rows import Item, Level
from sandbox.lightspeed.retailer import Retailer
from sandbox.lightspeed.wire import Json


def endpoints(retailer: Retailer, image_base: Callable[[], str]) -> dict[str, Endpoint]:
    """Build every endpoint by its name; `image_base` gives the address that pictures are reached under."""
    found: list[Endpoint] = [
        _items(retailer, image_base),
        _item_shops(retailer),
        _sales(retailer),
        customers(retailer),
        ResourceEndpoint(ship_to_resource(retailer)),
        ResourceEndpoint(matrix_resource(retailer, image_base)),
        ResourceEndpoint(image_resource(retailer, image_base)),
        *(ResourceEndpoint(resource) for resource in small_resources(retailer)),
    ]
    return {endpoint.name: endpoint for endpoint in found}


def _items(retailer: Retailer, image_base: Callable[[], str]) -> Endpoint:
    def written(item: Item) -> Json:
        """Answers to creates and updates show the stock rows unasked, in their short form."""
        return {**item.columns, **short_item_shops(retailer, item), **prices(item)}

    def archived(item: Item) -> Json:
        gone = retailer.archive(item.id)
        return {**gone.columns, **prices(gone)}

    writers: Writers[Item] = Writers(
        create=lambda body: written(create_item(retailer, body)),
        update=lambda item, body: written(update_item(retailer, item, body)),
        archive=archived,
    )
    return ResourceEndpoint(item_resource(retailer, image_base), writers)


def _item_shops(retailer: Retailer) -> Endpoint:
    resource = item_shop_resource(retailer)

    def update(level: Level, body: Body) -> Json:
        update_item_shop(retailer, level.id, body)
        return resource.show(retailer.stock.of(level.item_id, level.shop_id))

    return ResourceEndpoint(resource, Writers(update=update))


def _sales(retailer: Retailer) -> Endpoint:
    resource = sale_resource(retailer)
    return ResourceEndpoint(
        resource,
        Writers(
            create=lambda body: written_sale(retailer, resource, create_sale(retailer, body)),
            update=lambda sale, body: written_sale(retailer, resource, update_sale(retailer, sale, body)),
            archive=lambda sale: written_sale(retailer, resource, archive_sale(retailer, sale)),
            acts={
                ("POST", "refund"): lambda sale, body: written_sale(
                    retailer, resource, refund_sale(retailer, sale, body)
                )
            },
            find=lambda number: sale_by_ticket(retailer, number),
        ),
    )
