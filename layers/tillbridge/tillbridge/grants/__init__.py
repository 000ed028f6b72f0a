"""Authorising, the token vault, the refresh lease."""
