"""What the shop is like, and our web hooks."""

from tillbridge.systems.shopify.api.documents import Document

SHOP = Document(
    "Shop",
    """
query Shop {
  shop {
    name myshopifyDomain currencyCode taxesIncluded ianaTimezone weightUnit
    resourceLimits { maxProductOptions maxProductVariants }
  }
  currentAppInstallation { accessScopes { handle } }
}
""",
)
PREMISES = Document(
    "Premises",
    """
query Premises {
  locations(first: 250) { nodes { id name isActive isFulfillmentService fulfillsOnlineOrders hasActiveInventory } }
  publications(first: 50) { nodes { id catalog { title } } }
}
""",
)
DEFINE_KEY = Document(
    "DefineKey",
    """
mutation DefineKey($definition: MetafieldDefinitionInput!) {
  metafieldDefinitionCreate(definition: $definition) { userErrors { code field message } }
}
""",
)
HOOKS = Document(
    "Hooks",
    """
query Hooks($after: String) {
  webhookSubscriptions(first: 250, after: $after) {
    nodes { id topic uri } pageInfo { hasNextPage endCursor }
  }
}
""",
)
ADD_HOOK = Document(
    "AddHook",
    """
mutation AddHook($topic: WebhookSubscriptionTopic!, $hook: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $hook) {
    webhookSubscription { id } userErrors { field message }
  }
}
""",
)
REMOVE_HOOK = Document(
    "RemoveHook",
    """
mutation RemoveHook($id: ID!) {
  webhookSubscriptionDelete(id: $id) { deletedWebhookSubscriptionId userErrors { field message } }
}
""",
)
ALL = (SHOP, PREMISES, DEFINE_KEY, HOOKS, ADD_HOOK, REMOVE_HOOK)
