"""Stateful stand-ins for the remote systems."""
