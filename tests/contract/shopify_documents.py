"""Documents that a connector sends, each with variables; ``{...}`` names a row of the shop that the tests fill in."""

from typing import Any

SHOP = """
query Shop {
  shop { id name currencyCode taxesIncluded taxShipping ianaTimezone myshopifyDomain
    plan { publicDisplayName shopifyPlus } resourceLimits { locationLimit maxProductOptions maxProductVariants } }
  currentAppInstallation { accessScopes { handle } }
  locations(first: 20, includeInactive: true) {
    nodes { id name isActive isFulfillmentService fulfillsOnlineOrders }
    pageInfo { hasNextPage endCursor } }
  publications(first: 20) { nodes { id catalog { title } } }
}
"""
DEFINE = """
mutation Define($definition: MetafieldDefinitionInput!) {
  metafieldDefinitionCreate(definition: $definition) {
    createdDefinition { id namespace key type { name } } userErrors { code field message } }
}
"""
PRODUCT_SET = """
mutation Put($identifier: ProductSetIdentifiers, $input: ProductSetInput!, $synchronous: Boolean!) {
  productSet(identifier: $identifier, input: $input, synchronous: $synchronous) {
    product { id updatedAt variants(first: 100) { nodes { id sku inventoryItem { id } } } }
    productSetOperation { id status }
    userErrors { code field message } }
}
"""
OPERATION = """
query Operation($id: ID!) {
  productOperation(id: $id) { status product { id }
    ... on ProductSetOperation { id userErrors { code field message } } }
}
"""
BY_CUSTOM_ID = """
query Find($identifier: ProductIdentifierInput!) {
  productByIdentifier(identifier: $identifier) { id title status options { id name optionValues { id name } }
    variants(first: 250) { nodes { id sku barcode price compareAtPrice selectedOptions { name value }
      inventoryItem { id tracked unitCost { amount } } } } }
}
"""
PRODUCTS_SINCE = """
query Since($query: String!, $after: String) {
  products(first: 50, sortKey: UPDATED_AT, query: $query, after: $after) {
    nodes { id title handle status vendor tags updatedAt media(first: 10) { nodes { id status alt } }
      resourcePublicationsV2(first: 5) { nodes { isPublished publication { id } } } }
    pageInfo { hasNextPage endCursor } }
}
"""
PRODUCT_UPDATE = """
mutation Update($product: ProductUpdateInput!, $media: [CreateMediaInput!]) {
  productUpdate(product: $product, media: $media) {
    product { id media(first: 20) { nodes { id status mediaErrors { code } } } } userErrors { field message } }
}
"""
BULK_PRICES = """
mutation Prices($productId: ID!, $variants: [ProductVariantsBulkInput!]!) {
  productVariantsBulkUpdate(productId: $productId, variants: $variants, allowPartialUpdates: true) {
    productVariants { id price compareAtPrice } userErrors { code field message } }
}
"""
PUBLISH = """
mutation Publish($id: ID!, $input: [PublicationInput!]!) {
  publishablePublish(id: $id, input: $input) { publishable { availablePublicationsCount { count } }
    userErrors { field message } }
}
"""
COLLECTION = """
mutation Collect($collection: CollectionCreateInput!) {
  collectionCreate(collection: $collection) { collection { id handle } userErrors { field message } }
}
"""
METAFIELDS = """
mutation Remember($metafields: [MetafieldsSetInput!]!) {
  metafieldsSet(metafields: $metafields) { metafields { id compareDigest } userErrors { code field message } }
}
"""
LEVELS = """
query Levels($ids: [ID!]!) {
  nodes(ids: $ids) { id ... on InventoryItem { sku tracked inventoryLevels(first: 50) {
    nodes { id location { id }
      quantities(names: ["available", "on_hand", "committed"]) { name quantity updatedAt } } } } }
}
"""
ACTIVATE = """
mutation Activate($item: ID!, $location: ID!, $key: String!) {
  inventoryActivate(inventoryItemId: $item, locationId: $location) @idempotent(key: $key) {
    inventoryLevel { id isActive } userErrors { field message } }
}
"""
SET_STOCK = """
mutation SetStock($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) {
    inventoryAdjustmentGroup { id createdAt changes { name delta item { id } location { id } } }
    userErrors { code field message } }
}
"""
ADJUST_STOCK = """
mutation Adjust($input: InventoryAdjustQuantitiesInput!, $key: String!) {
  inventoryAdjustQuantities(input: $input) @idempotent(key: $key) {
    inventoryAdjustmentGroup { id } userErrors { code field message } }
}
"""
ITEM = """
mutation Item($id: ID!, $input: InventoryItemInput!) {
  inventoryItemUpdate(id: $id, input: $input) { inventoryItem { id tracked sku } userErrors { field message } }
}
"""
ORDERS = """
query Orders($query: String!, $after: String) {
  orders(first: 10, sortKey: UPDATED_AT, query: $query, after: $after) {
    nodes { id name createdAt updatedAt cancelledAt test taxesIncluded currencyCode presentmentCurrencyCode
      displayFinancialStatus displayFulfillmentStatus sourceName
      customer { id defaultEmailAddress { emailAddress } }
      totalPriceSet { shopMoney { amount currencyCode } } totalTaxSet { shopMoney { amount } }
      lineItems(first: 20) { nodes { id sku quantity currentQuantity variant { id }
        originalUnitPriceSet { shopMoney { amount } }
        discountedUnitPriceAfterAllDiscountsSet { shopMoney { amount } }
        discountAllocations { allocatedAmountSet { shopMoney { amount } } }
        taxLines { title rate priceSet { shopMoney { amount } } } } }
      shippingLines(first: 5) { nodes { title originalPriceSet { shopMoney { amount } } } }
      transactions(first: 5) { id kind status gateway amountSet { shopMoney { amount } } }
      refunds(first: 5) { id note refundLineItems(first: 20) { nodes { lineItem { id } quantity restockType
        location { id } subtotalSet { shopMoney { amount } } totalTaxSet { shopMoney { amount } } } } } }
    pageInfo { hasNextPage endCursor } }
}
"""
TO_SEND = """
query ToSend($id: ID!) {
  order(id: $id) { id fulfillmentOrders(first: 10) { nodes { id status assignedLocation { location { id } }
    lineItems(first: 50) { nodes { id remainingQuantity lineItem { id sku } } } } } }
}
"""
FULFIL = """
mutation Fulfil($fulfillment: FulfillmentInput!) {
  fulfillmentCreate(fulfillment: $fulfillment) {
    fulfillment { id status trackingInfo { number url company } } userErrors { field message } }
}
"""
REFUND = """
mutation Refund($input: RefundInput!, $key: String!) {
  refundCreate(input: $input) @idempotent(key: $key) {
    refund { id totalRefundedSet { shopMoney { amount } } } order { id displayFinancialStatus }
    userErrors { field message } }
}
"""
CUSTOMER = """
mutation Customer($identifier: CustomerSetIdentifiers, $input: CustomerSetInput!) {
  customerSet(identifier: $identifier, input: $input) { customer { id } userErrors { code field message } }
}
"""
HOOK = """
mutation Hook($topic: WebhookSubscriptionTopic!, $subscription: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $subscription) {
    webhookSubscription { id topic uri apiVersion { handle } } userErrors { field message } }
}
"""
HOOKS = """
query Hooks($after: String) {
  webhookSubscriptions(first: 50, after: $after) { nodes { id topic uri format filter includeFields }
    pageInfo { hasNextPage endCursor } }
}
"""
UPLOADS = """
mutation Uploads($input: [StagedUploadInput!]!) {
  stagedUploadsCreate(input: $input) {
    stagedTargets { url resourceUrl parameters { name value } } userErrors { field message } }
}
"""
BULK_QUERY = """
mutation Bulk($query: String!) {
  bulkOperationRunQuery(query: $query) { bulkOperation { id status } userErrors { code field message } }
}
"""
BULK_MUTATION = """
mutation Bulk($mutation: String!, $path: String!) {
  bulkOperationRunMutation(mutation: $mutation, stagedUploadPath: $path) {
    bulkOperation { id status } userErrors { code field message } }
}
"""
BULK_STATE = """
query State($id: ID!) {
  bulkOperation(id: $id) { id status errorCode objectCount fileSize url partialDataUrl }
}
"""

DOCUMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "shop": (SHOP, {}),
    "define": (
        DEFINE,
        {"definition": {"name": "Till id", "namespace": "$app", "key": "till", "type": "id", "ownerType": "PRODUCT"}},
    ),
    "put": (
        PRODUCT_SET,
        {
            "synchronous": True,
            "identifier": {"customId": {"namespace": "$app", "key": "till", "value": "p-1"}},
            "input": {
                "title": "Shirt",
                "productOptions": [{"name": "Size", "position": 1, "values": [{"name": "S"}, {"name": "M"}]}],
                "metafields": [{"namespace": "$app", "key": "till", "type": "id", "value": "p-1"}],
                "files": [{"originalSource": "https://pictures.invalid/shirt.png", "contentType": "IMAGE"}],
                "variants": [
                    {
                        "optionValues": [{"optionName": "Size", "name": size}],
                        "sku": f"A-{size}",
                        "barcode": "1",
                        "price": "19.99",
                        "inventoryItem": {"tracked": True, "cost": "9.50"},
                        "inventoryQuantities": [{"locationId": "{location}", "name": "available", "quantity": 5}],
                    }
                    for size in "SM"
                ],
            },
        },
    ),
    "put later": (PRODUCT_SET, {"synchronous": False, "input": {"title": "Hat"}}),
    "operation": (OPERATION, {"id": "{operation}"}),
    "by custom id": (BY_CUSTOM_ID, {"identifier": {"customId": {"namespace": "$app", "key": "till", "value": "p-1"}}}),
    "products since": (PRODUCTS_SINCE, {"query": "updated_at:>='2026-01-01T00:00:00Z'", "after": None}),
    "collection": (COLLECTION, {"collection": {"title": "Shirts"}}),
    "update": (
        PRODUCT_UPDATE,
        {
            "product": {"id": "{product}", "status": "DRAFT", "collectionsToJoin": ["{collection}"]},
            "media": [{"originalSource": "https://pictures.invalid/2.png", "mediaContentType": "IMAGE", "alt": "Back"}],
        },
    ),
    "prices": (
        BULK_PRICES,
        {"productId": "{product}", "variants": [{"id": "{variant}", "price": "17.50", "compareAtPrice": "20.00"}]},
    ),
    "publish": (PUBLISH, {"id": "{product}", "input": [{"publicationId": "{publication}"}]}),
    "metafields": (
        METAFIELDS,
        {
            "metafields": [
                {
                    "ownerId": "{product}",
                    "namespace": "$app",
                    "key": "hash",
                    "type": "single_line_text_field",
                    "value": "x",
                }
            ]
        },
    ),
    "levels": (LEVELS, {"ids": ["{item}"]}),
    "activate": (ACTIVATE, {"item": "{item}", "location": "{other}", "key": "activate-1"}),
    "set stock": (
        SET_STOCK,
        {
            "key": "job-4711-1",
            "input": {
                "name": "available",
                "reason": "correction",
                "referenceDocumentUri": "gid://posconnector/SyncJob/4711",
                "quantities": [
                    {"inventoryItemId": "{item}", "locationId": "{location}", "quantity": 3, "changeFromQuantity": 5}
                ],
            },
        },
    ),
    "adjust stock": (
        ADJUST_STOCK,
        {
            "key": "job-4711-2",
            "input": {
                "name": "available",
                "reason": "received",
                "changes": [
                    {"inventoryItemId": "{item}", "locationId": "{location}", "delta": 4, "changeFromQuantity": None}
                ],
            },
        },
    ),
    "item": (ITEM, {"id": "{item}", "input": {"cost": "8.00", "tracked": True}}),
    "orders": (ORDERS, {"query": "updated_at:>='2026-01-01T00:00:00Z' status:any", "after": None}),
    "to send": (TO_SEND, {"id": "{order}"}),
    "fulfil": (
        FULFIL,
        {
            "fulfillment": {
                "lineItemsByFulfillmentOrder": [{"fulfillmentOrderId": "{fulfillment order}"}],
                "trackingInfo": {"number": "T1", "url": "https://track.invalid/T1", "company": "Post"},
                "notifyCustomer": False,
            }
        },
    ),
    "refund": (
        REFUND,
        {
            "key": "refund-1",
            "input": {
                "orderId": "{order}",
                "note": "Returned",
                "refundLineItems": [{"lineItemId": "{line}", "quantity": 1, "restockType": "NO_RESTOCK"}],
                "transactions": [
                    {
                        "orderId": "{order}",
                        "parentId": "{transaction}",
                        "kind": "REFUND",
                        "gateway": "bogus",
                        "amount": "5.00",
                    }
                ],
            },
        },
    ),
    "customer": (
        CUSTOMER,
        {
            "identifier": {"email": "shopper@mail.invalid"},
            "input": {
                "email": "shopper@mail.invalid",
                "firstName": "Sam",
                "addresses": [{"address1": "1 Street", "city": "Town", "countryCode": "US", "zip": "1"}],
            },
        },
    ),
    "hook": (
        HOOK,
        {
            "topic": "INVENTORY_LEVELS_UPDATE",
            "subscription": {"uri": "https://hooks.invalid/shopify", "format": "JSON"},
        },
    ),
    "hooks": (HOOKS, {"after": None}),
    "uploads": (
        UPLOADS,
        {
            "input": [
                {
                    "resource": "BULK_MUTATION_VARIABLES",
                    "filename": "stock.jsonl",
                    "mimeType": "text/jsonl",
                    "httpMethod": "POST",
                },
                {"resource": "IMAGE", "filename": "a.png", "mimeType": "image/png", "httpMethod": "PUT"},
            ]
        },
    ),
    "bulk query": (
        BULK_QUERY,
        {"query": "{ products { edges { node { id variants { edges { node { id sku } } } } } } }"},
    ),
    "bulk mutation": (BULK_MUTATION, {"mutation": SET_STOCK, "path": "{upload}"}),
    "bulk state": (BULK_STATE, {"id": "{bulk}"}),
}
"""In an order in which they can be sent to one shop after the other."""
