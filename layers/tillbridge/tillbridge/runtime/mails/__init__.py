"""Mails to merchants: a pair of templates per kind, in text and in HTML, and what fills them."""
