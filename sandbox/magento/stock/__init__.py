"""Sources, stocks, quantities and reservations."""
