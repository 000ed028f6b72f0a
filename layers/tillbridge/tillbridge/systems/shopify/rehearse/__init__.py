"""Go through the motions of a push without a call."""
