"""Products, variations, and what they are sorted by: categories, brands, tags, attributes and their terms."""
