"""How orders are read: what stock needs, and no personal data (invariant 5)."""

from tillbridge.systems.shopify.api.documents import Document

_LINE = "currentQuantity sku variant { id product { id hasOnlyDefaultVariant } }"
_ORDER = f"""
  id name createdAt updatedAt cancelledAt test confirmed edited displayFinancialStatus displayFulfillmentStatus
  currentTotalPriceSet {{ shopMoney {{ amount }} }} netPaymentSet {{ shopMoney {{ amount }} }}
  lineItems(first: 50) {{ nodes {{ {_LINE} }} pageInfo {{ hasNextPage endCursor }} }}
"""

ORDERS = Document(
    "OrdersSince",
    f"""
query OrdersSince($query: String!, $after: String) {{
  orders(first: 50, sortKey: UPDATED_AT, query: $query, after: $after) {{
    nodes {{ {_ORDER} }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}
""",
    first_cost=200.0,
)
LOOK = Document(
    "LookAtOrders",
    f"""
query LookAtOrders($query: String!) {{
  newest: orders(first: 3, sortKey: UPDATED_AT, reverse: true) {{ nodes {{ id updatedAt }} }}
  orders(first: 50, sortKey: UPDATED_AT, query: $query) {{
    nodes {{ {_ORDER} }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}
""",
    first_cost=200.0,
)
"""The first page of what a search finds, and which few orders have changed last, of which it may not know yet."""
NEWEST = Document(
    "NewestOrders",
    """
query NewestOrders {
  orders(first: 50, sortKey: UPDATED_AT, reverse: true) { nodes { id updatedAt } }
}
""",
)
ORDERS_BY_ID = Document(
    "OrdersById",
    f"""
query OrdersById($ids: [ID!]!) {{
  nodes(ids: $ids) {{ ... on Order {{ {_ORDER} }} }}
}}
""",
    first_cost=200.0,
)
MORE_LINES = Document(
    "MoreLines",
    f"""
query MoreLines($id: ID!, $after: String) {{
  order(id: $id) {{
    id lineItems(first: 250, after: $after) {{ nodes {{ {_LINE} }} pageInfo {{ hasNextPage endCursor }} }}
  }}
}}
""",
)
ALL = (ORDERS, LOOK, NEWEST, ORDERS_BY_ID, MORE_LINES)
