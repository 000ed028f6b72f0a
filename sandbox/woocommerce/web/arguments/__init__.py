"""The arguments each route takes, in small tables; the contract test holds them against the shop's own route index."""
