"""How requests come in, and how the store calls others."""
