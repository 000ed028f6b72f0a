"""Say what a push would cost, without a call."""
