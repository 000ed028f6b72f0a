"""How orders are read: what stock needs, and no personal data (invariant 5)."""

from tillbridge.systems.shopify.api.documents import Document

ORDERS = Document(
    "OrdersSince",
    """
query OrdersSince($query: String!, $after: String) {
  orders(first: 50, sortKey: UPDATED_AT, query: $query, after: $after) {
    nodes {
      id name createdAt updatedAt cancelledAt test displayFinancialStatus displayFulfillmentStatus
      lineItems(first: 50) {
        nodes { currentQuantity sku variant { id product { id hasOnlyDefaultVariant } } }
        pageInfo { hasNextPage endCursor }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
""",
    first_cost=200.0,
)
MORE_LINES = Document(
    "MoreLines",
    """
query MoreLines($id: ID!, $after: String) {
  order(id: $id) {
    id lineItems(first: 250, after: $after) {
      nodes { currentQuantity sku variant { id product { id hasOnlyDefaultVariant } } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
""",
)
ALL = (ORDERS, MORE_LINES)
