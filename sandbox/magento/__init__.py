"""A stand-in for a shop running Magento Open Source 2.4.7: stateful, in memory, behaving as facts/magento.md says.

``shop.Shop`` is the state, ``app.build_app`` the web application, ``python -m sandbox.magento`` the command.

Layout: `web` is how requests come in (signatures, argument types, search, errors), `catalogue` the products and what
sorts them, `stock` the sources and reservations, `sales` the carts, orders and customers. Imports run from the
application down to the state.
"""
