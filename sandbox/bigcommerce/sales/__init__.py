"""Orders, shipments, refunds and customers."""
