"""How the shop's own server calls others: to fetch pictures and deliver web hooks."""

from sandbox.common.outbound import Caller

call = Caller("Shopify-Captain-Hook")
