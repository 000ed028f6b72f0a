"""Web orders, and the sales of the till that they become."""
