"""The types of request bodies, held against the real shop's by a contract test."""
