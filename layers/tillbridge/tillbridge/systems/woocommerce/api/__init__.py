"""Speak WooCommerce: keys, requests, batches, answers checked against their shape."""
