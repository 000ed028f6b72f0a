"""Bring products into step: look first, create, change, variations, pictures."""
