"""How stock is read and set (facts/shopify.md, section 6)."""

from tillbridge.systems.shopify.api.documents import Document

LEVELS = Document(
    "Levels",
    """
query Levels($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on InventoryItem {
      id tracked inventoryLevels(first: 50) {
        nodes { location { id } quantities(names: ["available"]) { name quantity } }
      }
    }
  }
}
""",
    first_cost=40.0,
)
ITEMS_OF_PRODUCTS = Document(
    "ItemsOfProducts",
    """
query ItemsOfProducts($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on Product { id variants(first: 1) { nodes { id inventoryItem { id } } } }
  }
}
""",
)
ITEMS_OF_VARIANTS = Document(
    "ItemsOfVariants",
    """
query ItemsOfVariants($ids: [ID!]!) {
  nodes(ids: $ids) { ... on ProductVariant { id inventoryItem { id } product { id } } }
}
""",
)
SET = Document(
    "SetStock",
    """
mutation SetStock($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) { userErrors { code field message } }
}
""",
    first_cost=10.0,
)
ACTIVATE = Document(
    "Activate",
    """
mutation Activate($item: ID!, $place: ID!, $key: String!) {
  inventoryActivate(inventoryItemId: $item, locationId: $place) @idempotent(key: $key) {
    userErrors { field message }
  }
}
""",
    first_cost=10.0,
)
TRACK = Document(
    "Track",
    """
mutation Track($id: ID!) {
  inventoryItemUpdate(id: $id, input: { tracked: true }) { userErrors { field message } }
}
""",
    first_cost=10.0,
)
ALL = (LEVELS, ITEMS_OF_PRODUCTS, ITEMS_OF_VARIANTS, SET, ACTIVATE, TRACK)
