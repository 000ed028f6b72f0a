"""Bulk operations: one mutation done for every line of a file (facts/shopify.md, section 9)."""

from tillbridge.systems.shopify.api.documents import Document

STAGE = Document(
    "StageUpload",
    """
mutation StageUpload($input: [StagedUploadInput!]!) {
  stagedUploadsCreate(input: $input) {
    stagedTargets { url parameters { name value } }
    userErrors { field message }
  }
}
""",
    first_cost=12.0,
)
RUN = Document(
    "RunBulk",
    """
mutation RunBulk($mutation: String!, $path: String!) {
  bulkOperationRunMutation(mutation: $mutation, stagedUploadPath: $path) {
    bulkOperation { id status }
    userErrors { code field message }
  }
}
""",
    first_cost=10.0,
)
STATE = Document(
    "BulkState",
    """
query BulkState($id: ID!) {
  bulkOperation(id: $id) { id status rootObjectCount url partialDataUrl }
}
""",
    first_cost=1.0,
)
OPERATIONS = Document(
    "BulkOperations",
    """
query BulkOperations {
  bulkOperations(first: 250) { nodes { id status query url partialDataUrl } }
}
""",
    first_cost=13.0,
)
CANCEL = Document(
    "CancelBulk",
    """
mutation CancelBulk($id: ID!) {
  bulkOperationCancel(id: $id) { bulkOperation { id status } userErrors { field message } }
}
""",
    first_cost=11.0,
)
PUT_LINES = Document(
    "PutProducts",
    """
mutation PutProducts($identifier: ProductSetIdentifiers!, $input: ProductSetInput!, $variants: Int!) {
  productSet(identifier: $identifier, input: $input, synchronous: true) {
    product {
      id title descriptionHtml vendor productType status
      variants(first: $variants) {
        edges {
          node { id sku barcode price compareAtPrice taxable inventoryQuantity inventoryItem { id tracked } }
        }
      }
    }
    userErrors { code field message }
  }
}
""",
)
PUBLISH_LINES = Document(
    "PublishProducts",
    """
mutation PublishProducts($id: ID!, $input: [PublicationInput!]!, $media: Int!) {
  publishablePublish(id: $id, input: $input) {
    publishable {
      ... on Product { id media(first: $media) { edges { node { id status mediaErrors { code message } } } } }
    }
    userErrors { field message }
  }
}
""",
)
"""By then most pictures have been fetched, so that its answer saves a look at them."""
ALL = (STAGE, RUN, STATE, OPERATIONS, CANCEL, PUT_LINES, PUBLISH_LINES)


def named(document: Document, token: str) -> str:
    """Write a document under a name of its own, by which its operation is found among all others."""
    return document.text.replace(f"mutation {document.name}(", f"mutation {document.name}_{token}(", 1)
