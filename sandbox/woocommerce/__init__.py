"""A stand-in for a shop running WooCommerce 10.0.2: stateful, in memory, behaving as facts/woocommerce.md says.

``shop.Shop`` is the state, ``app.build_app`` the web application, ``python -m sandbox.woocommerce`` the command.

Layout: `web` is how requests come in (keys, argument checks, errors), `catalogue` the products and what sorts them,
`sales` the orders, refunds and customers, `hooks` the web hooks. Imports run from the application down to the state.
"""
