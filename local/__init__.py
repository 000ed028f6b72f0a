"""The cloud on one machine: start, build, deploy, stop."""
