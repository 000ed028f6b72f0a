"""Orders of a Shopify shop, one by one."""
