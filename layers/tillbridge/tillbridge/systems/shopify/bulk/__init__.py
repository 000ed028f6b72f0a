"""Many products at once, by bulk operations."""
