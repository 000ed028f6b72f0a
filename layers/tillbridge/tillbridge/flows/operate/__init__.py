"""The use cases behind the command line. Each looks up what it touches by merchant, and answers with plain data."""
