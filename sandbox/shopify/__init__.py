"""A stand-in for one Shopify shop's Admin API 2026-07: stateful, in memory, behaving as facts/shopify.md says.

``shop.Shop`` is the state, ``app.build_app`` the web application, ``python -m sandbox.shopify`` the command.

Layout: `schema` is the served part of the Admin API's GraphQL schema, `web` is how requests come in (tokens, checks,
cost, throttling), `catalogue` the products and their files, `stock` the quantities per location, `sales` the orders,
refunds and customers, `hooks` the web hooks, `operations` the bulk operations. A module that answers fields of the
schema registers them with `web.resolving`; `fields` brings them all in.
"""
