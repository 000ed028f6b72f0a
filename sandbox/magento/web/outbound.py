"""How the shop's own server calls others: to hand an integration its first secrets."""

from sandbox.common.outbound import Caller

call = Caller("Laminas\\Http\\Client")
