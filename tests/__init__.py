"""The tests. A package, because the client `bigcommerce` installs one of the same name, which would be found first."""
