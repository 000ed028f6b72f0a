"""How products, variants and pictures are written. What comes back is as little as tells what the shop made of it."""

from tillbridge.systems.shopify.api.documents import Document

PUT = Document(
    "PutProduct",
    """
mutation PutProduct($identifier: ProductSetIdentifiers!, $input: ProductSetInput!) {
  productSet(identifier: $identifier, input: $input, synchronous: true) {
    product { id title descriptionHtml vendor productType status }
    userErrors { code field message }
  }
}
""",
    first_cost=15.0,
)
"""The variants are read later, for many products in one call (``MADE``): here they would cost points each time."""
UPDATE = Document(
    "UpdateProduct",
    """
mutation UpdateProduct($product: ProductUpdateInput!) {
  productUpdate(product: $product) {
    product { id title descriptionHtml vendor productType status }
    userErrors { field message }
  }
}
""",
    first_cost=11.0,
)
ADD_MEDIA = Document(
    "AddMedia",
    """
mutation AddMedia($product: ProductUpdateInput!, $media: [CreateMediaInput!]!) {
  productUpdate(product: $product, media: $media) {
    product { id media(first: 250) { nodes { id status mediaErrors { code message } } } }
    userErrors { field message }
  }
}
""",
    first_cost=40.0,
)
PUBLISH = Document(
    "Publish",
    """
mutation Publish($id: ID!, $input: [PublicationInput!]!) {
  publishablePublish(id: $id, input: $input) { userErrors { field message } }
}
""",
    first_cost=10.0,
)
PUBLISH_MANY = Document(
    "PublishMany",
    """
mutation PublishMany($id: ID!, $input: PublicationUpdateInput!) {
  publicationUpdate(id: $id, input: $input) { userErrors { code field message } }
}
""",
    first_cost=10.0,
)
UNPUBLISH = Document(
    "Unpublish",
    """
mutation Unpublish($id: ID!, $input: [PublicationInput!]!) {
  publishableUnpublish(id: $id, input: $input) { userErrors { field message } }
}
""",
    first_cost=10.0,
)
ADD_VARIANTS = Document(
    "AddVariants",
    """
mutation AddVariants($productId: ID!, $variants: [ProductVariantsBulkInput!]!) {
  productVariantsBulkCreate(productId: $productId, variants: $variants, strategy: PRESERVE_STANDALONE_VARIANT) {
    productVariants {
      id sku barcode price compareAtPrice taxable inventoryQuantity inventoryItem { id tracked }
      selectedOptions { name value }
    }
    userErrors { code field message }
  }
}
""",
)
UPDATE_VARIANTS = Document(
    "UpdateVariants",
    """
mutation UpdateVariants($productId: ID!, $variants: [ProductVariantsBulkInput!]!) {
  productVariantsBulkUpdate(productId: $productId, variants: $variants, allowPartialUpdates: true) {
    productVariants {
      id sku barcode price compareAtPrice taxable selectedOptions { name value } inventoryItem { id tracked }
    }
    userErrors { code field message }
  }
}
""",
)
RENAME_OPTION = Document(
    "RenameOption",
    """
mutation RenameOption($productId: ID!, $option: OptionUpdateInput!) {
  productOptionUpdate(productId: $productId, option: $option) { userErrors { code field message } }
}
""",
)
REORDER_MEDIA = Document(
    "ReorderMedia",
    """
mutation ReorderMedia($id: ID!, $moves: [MoveInput!]!) {
  productReorderMedia(id: $id, moves: $moves) { job { id } mediaUserErrors { code field message } }
}
""",
)
DETACH_MEDIA = Document(
    "DetachMedia",
    """
mutation DetachMedia($productId: ID!, $media: [ProductVariantDetachMediaInput!]!) {
  productVariantDetachMedia(productId: $productId, variantMedia: $media) { userErrors { code field message } }
}
""",
)
UNLINK_FILES = Document(
    "UnlinkFiles",
    """
mutation UnlinkFiles($files: [FileUpdateInput!]!) {
  fileUpdate(files: $files) { userErrors { code field message } }
}
""",
)
DELETE_FILES = Document(
    "DeleteFiles",
    """
mutation DeleteFiles($ids: [ID!]!) {
  fileDelete(fileIds: $ids) { deletedFileIds userErrors { code field message } }
}
""",
)
ALL = (
    PUT, UPDATE, ADD_MEDIA, PUBLISH, PUBLISH_MANY, UNPUBLISH, ADD_VARIANTS, UPDATE_VARIANTS, RENAME_OPTION,
    REORDER_MEDIA, DETACH_MEDIA, UNLINK_FILES, DELETE_FILES,
)  # fmt: skip
