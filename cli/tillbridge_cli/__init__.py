"""The `tillbridge` command line, for the operator at the provider."""
