"""Speak Magento: secrets, signatures, requests, answers checked against their shape."""
