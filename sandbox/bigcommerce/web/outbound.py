"""How the store calls others: to fetch pictures, deliver web hooks and call the app back."""

from sandbox.common.outbound import Caller

call = Caller("BigCommerce stand-in")
