"""API V3: resources, queries, prices of requests, reads and writes."""
