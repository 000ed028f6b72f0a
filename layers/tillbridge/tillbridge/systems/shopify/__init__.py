"""Shopify: the adapter of a shop that speaks the Admin API in GraphQL, version 2026-07 (facts/shopify.md)."""
