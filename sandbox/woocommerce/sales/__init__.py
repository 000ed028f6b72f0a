"""Orders, their stock, refunds and notes, and the customers."""
