"""Products, variants, collections, metafields and files."""
