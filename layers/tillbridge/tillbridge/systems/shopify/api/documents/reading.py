"""How products and variants are read.

Points are per object: plain values cost nothing, and a page in a page multiplies (facts/shopify.md, section 5).
``$channel`` is where shoppers look, ``$place`` where the stock is that we write.
"""

from tillbridge.systems.shopify.api.documents import Document

KEY = "product_key"
"""The key of the metafield that holds our product key, in the namespace that belongs to our app."""
ITEM_KEY = "item_key"
"""The same on variants, for their item. It tells ours apart where an answer was lost; nothing is found by it.

Those that a single call makes with their product have none: each would cost points, and they are as old as it.
"""

VARIANT_PARTS = """
fragment VariantParts on ProductVariant {
  id createdAt sku barcode price compareAtPrice taxable inventoryQuantity
  published: publishedOnPublication(publicationId: $channel)
  selectedOptions { name value }
  media(first: 1) { nodes { id status } }
  mark: metafield(key: "item_key") { value }
  inventoryItem {
    id tracked measurement { weight { unit value } }
    inventoryLevel(locationId: $place) { quantities(names: ["available"]) { name quantity } }
  }
}
"""
PRODUCT_PARTS = """
fragment ProductParts on Product {
  id createdAt title descriptionHtml vendor productType status hasOnlyDefaultVariant
  published: publishedOnPublication(publicationId: $channel)
  options { id name optionValues { id name } }
  mediaCount { count }
  mark: metafield(key: "product_key") { value }
}
"""
SEARCH_SKUS = Document(
    "SearchSkus",
    """
query SearchSkus($query: String!, $after: String) {
  productVariants(first: 100, query: $query, after: $after) {
    nodes {
      id sku product { id title hasOnlyDefaultVariant mark: metafield(key: "product_key") { value } }
    }
    pageInfo { hasNextPage endCursor }
  }
}
""",
    first_cost=25.0,
)
PRODUCTS = Document(
    "Products",
    """
query Products($ids: [ID!]!, $channel: ID!, $place: ID!, $variants: Int!) {
  nodes(ids: $ids) {
    ... on Product {
      ...ProductParts
      variants(first: $variants) { nodes { ...VariantParts } pageInfo { hasNextPage endCursor } }
    }
  }
}
"""
    + PRODUCT_PARTS
    + VARIANT_PARTS,
    first_cost=60.0,
)
BY_KEY = Document(
    "ProductByKey",
    """
query ProductByKey($identifier: ProductIdentifierInput!) {
  productByIdentifier(identifier: $identifier) { id }
}
""",
    first_cost=1.0,
)
KEYS_AT_ONCE = 25
BY_KEYS = Document(
    "ProductsByKeys",
    "query ProductsByKeys("
    + ", ".join(f"$k{place}: ProductIdentifierInput!" for place in range(KEYS_AT_ONCE))
    + ") {\n"
    + "".join(f"  p{place}: productByIdentifier(identifier: $k{place}) {{ id }}\n" for place in range(KEYS_AT_ONCE))
    + "}\n",
    first_cost=25.0,
)
"""There is no list by keys, but a document may ask many times."""
VARIANTS_OF = Document(
    "VariantsOf",
    """
query VariantsOf($id: ID!, $channel: ID!, $place: ID!, $after: String) {
  product(id: $id) {
    id variants(first: 50, after: $after) { nodes { ...VariantParts } pageInfo { hasNextPage endCursor } }
  }
}
"""
    + VARIANT_PARTS,
    first_cost=90.0,
)
VARIANTS = Document(
    "Variants",
    """
query Variants($ids: [ID!]!, $channel: ID!, $place: ID!) {
  nodes(ids: $ids) {
    ... on ProductVariant {
      ...VariantParts product { id published: publishedOnPublication(publicationId: $channel) }
    }
  }
}
"""
    + VARIANT_PARTS,
)
MEDIA = Document(
    "MediaOf",
    """
query MediaOf($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on Product {
      id media(first: 250) {
        nodes { id status mediaErrors { code message } ... on MediaImage { image { url } } }
      }
    }
  }
}
""",
    first_cost=30.0,
)
NEW_MEDIA = Document(
    "NewMediaOf",
    """
query NewMediaOf($ids: [ID!]!, $media: Int!) {
  nodes(ids: $ids) {
    ... on Product { id media(first: $media) { nodes { id status mediaErrors { code message } } } }
  }
}
""",
)
MADE = Document(
    "Made",
    """
query Made($ids: [ID!]!, $channel: ID!, $variants: Int!) {
  nodes(ids: $ids) {
    ... on Product {
      id published: publishedOnPublication(publicationId: $channel)
      variants(first: $variants) {
        nodes { id sku barcode price compareAtPrice taxable inventoryQuantity inventoryItem { id tracked } }
      }
    }
  }
}
""",
)
LISTINGS = Document(
    "Listings",
    """
query Listings($after: String) {
  products(first: 100, sortKey: ID, after: $after) {
    nodes {
      id title isGiftCard hasOnlyDefaultVariant options { id name } mark: metafield(key: "product_key") { value }
      variants(first: 100) {
        nodes { id sku barcode selectedOptions { name value } } pageInfo { hasNextPage endCursor }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
""",
    first_cost=160.0,
)
LISTED_VARIANTS = Document(
    "ListedVariants",
    """
query ListedVariants($id: ID!, $after: String) {
  product(id: $id) {
    id variants(first: 250, after: $after) {
      nodes { id sku barcode selectedOptions { name value } } pageInfo { hasNextPage endCursor }
    }
  }
}
""",
)
ALL = (SEARCH_SKUS, PRODUCTS, BY_KEY, BY_KEYS, VARIANTS_OF, VARIANTS, MEDIA, NEW_MEDIA, MADE, LISTINGS, LISTED_VARIANTS)
