"""Bring products into step: look first, create, change, children, pictures."""
