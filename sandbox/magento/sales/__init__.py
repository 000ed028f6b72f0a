"""Carts, orders, what follows them, and customers."""
