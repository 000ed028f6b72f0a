"""Orders of a Magento shop, one by one."""
