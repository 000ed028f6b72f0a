"""Speak to one store: calls, quota, refusals, and what comes back."""
