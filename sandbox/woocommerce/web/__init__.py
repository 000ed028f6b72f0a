"""How requests come in and answers go out: keys, argument checks, routes, errors and the shop's front door."""
