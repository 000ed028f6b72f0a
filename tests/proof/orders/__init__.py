"""Web orders become sales: what the proofs of that have in common, and the proofs."""
