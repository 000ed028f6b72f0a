"""Orders, refunds, fulfilments and customers."""
