"""Web orders become sales of the till: the work of the lane ``orders``."""
