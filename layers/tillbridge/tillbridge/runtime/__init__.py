"""The only place that knows every part: settings, observability, and one lazy composition root per function."""
