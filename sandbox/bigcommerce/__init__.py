"""A stand-in for a BigCommerce store: stateful, in memory, behaving as facts/bigcommerce.md says.

``shop.Shop`` is the state, ``app.build_app`` the web application, ``python -m sandbox.bigcommerce`` the command.

Layout: `web` is how requests come in (tokens, quota, argument checks, errors, installing the app), `catalogue` the
products and what sorts them, `inventory` the stock by location, `sales` the orders, refunds and customers, `hooks` the
web hooks. Imports run from the application down to the state.
"""
