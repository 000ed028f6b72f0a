"""Bring products into step: look first, create, change, variants, pictures."""
