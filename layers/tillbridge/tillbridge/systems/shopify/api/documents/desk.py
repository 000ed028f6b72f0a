"""How one order is read whole, and what is written to it. Personal data is asked for order by order only."""

from tillbridge.systems.shopify.api.documents import Document

NAMESPACE = "tillbridge"
SALE, PARCELS = "sale", "parcels"
"""The metafields of an order that are ours. They are in no namespace of an app's own, so that people can see them."""

_MONEY = "{ shopMoney { amount } }"
_ADDRESS = "{ firstName lastName company address1 address2 city provinceCode zip countryCodeV2 phone }"
_TAXES = f"{{ title rate priceSet {_MONEY} }}"
_WAITING_LINES = """lineItems(first: 100, after: $after) {
          nodes { id remainingQuantity lineItem { id } }
          pageInfo { hasNextPage endCursor }
        }"""
_WAITING = f"""{{
      nodes {{
        id status assignedLocation {{ location {{ id }} }}
        {_WAITING_LINES.replace(", after: $after", "")}
      }}
      pageInfo {{ hasNextPage endCursor }}
    }}"""

ORDER = Document(
    "WholeOrder",
    f"""
query WholeOrder($id: ID!, $after: String) {{
  order(id: $id) {{
    id name test confirmed edited createdAt updatedAt cancelledAt currencyCode taxesIncluded paymentGatewayNames
    displayFinancialStatus displayFulfillmentStatus email phone customerAcceptsMarketing
    totalPriceSet {_MONEY} currentTotalPriceSet {_MONEY} totalTipReceivedSet {_MONEY}
    billingAddress {_ADDRESS} shippingAddress {_ADDRESS}
    sale: metafield(namespace: "{NAMESPACE}", key: "{SALE}") {{ value }}
    parcels: metafield(namespace: "{NAMESPACE}", key: "{PARCELS}") {{ value }}
    lineItems(first: 100, after: $after) {{
      nodes {{
        id name sku quantity currentQuantity unfulfilledQuantity isGiftCard taxable
        originalUnitPriceSet {_MONEY}
        discountAllocations {{ allocatedAmountSet {_MONEY} }}
        taxLines {_TAXES}
        variant {{ id product {{ id hasOnlyDefaultVariant }} }}
      }}
      pageInfo {{ hasNextPage endCursor }}
    }}
    shippingLines(first: 10) {{
      nodes {{ id title discountedPriceSet {_MONEY} taxLines {_TAXES} }}
      pageInfo {{ hasNextPage endCursor }}
    }}
    transactions(first: 50) {{ id kind status gateway paymentId amountSet {_MONEY} }}
    refunds(first: 50) {{
      id createdAt totalRefundedSet {_MONEY}
      refundLineItems(first: 50) {{
        nodes {{ quantity restocked subtotalSet {_MONEY} totalTaxSet {_MONEY} lineItem {{ id }} }}
        pageInfo {{ hasNextPage endCursor }}
      }}
      refundShippingLines(first: 5) {{
        nodes {{ subtotalAmountSet {_MONEY} taxAmountSet {_MONEY} shippingLine {{ id }} }}
        pageInfo {{ hasNextPage endCursor }}
      }}
      transactions(first: 10) {{ nodes {{ gateway amountSet {_MONEY} }} pageInfo {{ hasNextPage endCursor }} }}
    }}
  }}
}}
""",
    first_cost=300.0,
)
_SENT = """fulfillments(first: 50) {
      status location { id }
      fulfillmentLineItems(first: 100) { nodes { quantity lineItem { id } } pageInfo { hasNextPage endCursor } }
    }"""
PARCELS_LEFT = Document(
    "ParcelsLeft",
    f"""
query ParcelsLeft($id: ID!, $after: String) {{
  order(id: $id) {{ id fulfillmentOrders(first: 20, after: $after) {_WAITING} }}
}}
""",
    first_cost=100.0,
)
PLACES = Document(
    "OrderPlaces",
    f"""
query OrderPlaces($id: ID!, $after: String) {{
  order(id: $id) {{
    id
    fulfillmentOrders(first: 20, after: $after) {_WAITING}
    {_SENT}
    refunds(first: 50) {{
      id refundLineItems(first: 50) {{ nodes {{ location {{ id }} }} pageInfo {{ hasNextPage endCursor }} }}
    }}
  }}
}}
""",
    first_cost=100.0,
)
PLACES_BY_ID = Document(
    "PlacesById",
    f"""
query PlacesById($ids: [ID!]!) {{
  nodes(ids: $ids) {{
    ... on Order {{
      id
      lineItems(first: 100) {{
        nodes {{ id variant {{ id product {{ id hasOnlyDefaultVariant }} }} }}
        pageInfo {{ hasNextPage endCursor }}
      }}
      fulfillmentOrders(first: 20) {_WAITING}
      {_SENT}
    }}
  }}
}}
""",
    first_cost=200.0,
)
MORE_WAITING = Document(
    "MoreWaiting",
    f"""
query MoreWaiting($id: ID!, $after: String) {{ fulfillmentOrder(id: $id) {{ id {_WAITING_LINES} }} }}
""",
)
NOTE = Document(
    "NoteOrder",
    """
mutation NoteOrder($metafields: [MetafieldsSetInput!]!) {
  metafieldsSet(metafields: $metafields) { userErrors { code field message } }
}
""",
)
SHIP = Document(
    "ShipOrder",
    """
mutation ShipOrder($fulfillment: FulfillmentInput!) {
  fulfillmentCreate(fulfillment: $fulfillment) { fulfillment { id } userErrors { field message } }
}
""",
)
RETURN_MONEY = Document(
    "ReturnMoney",
    """
mutation ReturnMoney($input: RefundInput!, $key: String!) {
  refundCreate(input: $input) @idempotent(key: $key) { refund { id } userErrors { field message } }
}
""",
)
ALL = (ORDER, PARCELS_LEFT, PLACES, PLACES_BY_ID, MORE_WAITING, NOTE, SHIP, RETURN_MONEY)
