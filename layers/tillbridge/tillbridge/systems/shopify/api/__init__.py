"""Speaks with the Admin API: documents, the client, what it sends, and what its refusals mean."""
