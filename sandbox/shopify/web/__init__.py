"""How requests come in, are checked, paid for and answered."""
