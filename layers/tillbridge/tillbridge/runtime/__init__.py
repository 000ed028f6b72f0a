"""Settings, logging, metrics and one composition root per function."""
