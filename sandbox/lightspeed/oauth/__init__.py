"""The token servers, current and deprecated, the consent page and the API keys of old."""
