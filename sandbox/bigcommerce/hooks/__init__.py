"""Web hooks and their deliveries."""
