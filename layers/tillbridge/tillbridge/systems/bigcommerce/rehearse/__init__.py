"""Go through the motions of a push without a call, so that its calls can be counted beforehand."""
