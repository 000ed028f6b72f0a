"""The fictional retailer as it is on the first day: every row is computed from the seed and its number alone."""
