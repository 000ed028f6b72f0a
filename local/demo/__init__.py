"""The demo: one merchant from nothing to a web shop that follows the till."""
