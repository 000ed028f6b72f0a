"""Orders of a WooCommerce shop, one by one."""
