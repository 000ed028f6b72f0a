"""Products, attributes, categories, pictures and prices."""
