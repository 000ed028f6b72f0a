"""DynamoDB repositories."""
