"""What the adapters of the systems do the same way; it knows none of them."""
