"""Tillbridge: keeps a retail till and web shops in step."""
