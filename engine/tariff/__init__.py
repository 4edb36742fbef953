"""From finished calls to what they cost. Pure, whole numbers only."""
