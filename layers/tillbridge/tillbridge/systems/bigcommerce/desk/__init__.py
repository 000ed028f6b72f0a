"""Orders of a BigCommerce store, one by one."""
