"""BigCommerce, behind the Shop protocol.

``shop`` is the adapter, ``traits`` what its check learnt, ``hooks`` and ``deliveries`` its web hooks, ``api`` how it is
spoken to, ``products`` how products are brought into step. Each is imported by itself, so that a function loads only
what it uses.
"""
