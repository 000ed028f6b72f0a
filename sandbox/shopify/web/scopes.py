"""Which scopes the fields need (facts/shopify.md, section 3); any one of those listed is enough."""

from collections.abc import Mapping

Scopes = tuple[str, ...]

_ORDERS: Scopes = ("read_orders", "write_orders")
_CUSTOMERS: Scopes = ("read_customers", "write_customers")
_FULFILMENTS: Scopes = (
    "read_merchant_managed_fulfillment_orders", "write_merchant_managed_fulfillment_orders",
    "read_third_party_fulfillment_orders", "read_assigned_fulfillment_orders",
)  # fmt: skip
_PRODUCTS: Scopes = ("read_products", "write_products")
_INVENTORY: Scopes = ("read_inventory", "write_inventory")

TYPE_SCOPES: Mapping[str, Scopes] = {
    "Product": _PRODUCTS,
    "ProductVariant": _PRODUCTS,
    "Collection": _PRODUCTS,
    "ProductOperation": _PRODUCTS,
    "InventoryItem": (*_INVENTORY, *_PRODUCTS),
    "InventoryLevel": _INVENTORY,
    "Location": ("read_locations", *_INVENTORY),
    "Publication": ("read_publications", "write_publications"),
    "ResourcePublicationV2": ("read_publications", "write_publications"),
    "Order": _ORDERS,
    "Refund": _ORDERS,
    "Customer": _CUSTOMERS,
    "FulfillmentOrder": _FULFILMENTS,
    "File": ("read_files", "write_files", *_PRODUCTS),
}
FIELD_SCOPES: Mapping[tuple[str, str], Scopes] = {
    **{
        ("Mutation", name): ("write_products",)
        for name in (
            "productCreate", "productUpdate", "productSet", "productDelete", "productOptionsCreate",
            "productOptionUpdate", "productOptionsDelete", "productReorderMedia", "productVariantAppendMedia",
            "productVariantDetachMedia", "productVariantsBulkCreate", "productVariantsBulkUpdate",
            "productVariantsBulkDelete", "productVariantsBulkReorder", "collectionCreate", "collectionUpdate",
        )
    },
    **{
        ("Mutation", name): ("write_inventory",)
        for name in (
            "inventorySetQuantities", "inventoryAdjustQuantities", "inventoryActivate", "inventoryDeactivate",
            "inventoryBulkToggleActivation", "inventoryItemUpdate",
        )
    },
    ("Mutation", "publicationUpdate"): ("write_publications",),
    ("Mutation", "publishablePublish"): ("write_publications",),
    ("Mutation", "publishableUnpublish"): ("write_publications",),
    ("Mutation", "fileCreate"): ("write_files", "write_images"),
    ("Mutation", "fileUpdate"): ("write_files", "write_images", "write_products"),
    ("Mutation", "fileDelete"): ("write_files", "write_images"),
    ("Mutation", "refundCreate"): ("write_orders",),
    ("Mutation", "orderCancel"): ("write_orders",),
    ("Mutation", "customerSet"): ("write_customers",),
    ("Mutation", "fulfillmentCreate"): (
        "write_merchant_managed_fulfillment_orders", "write_third_party_fulfillment_orders",
        "write_assigned_fulfillment_orders",
    ),
}  # fmt: skip
