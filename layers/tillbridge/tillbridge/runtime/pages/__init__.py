"""The few pages that a merchant's browser sees while connecting a system."""
