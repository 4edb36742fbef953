"""One call, from its arrival to its record. Pure: facts in, commands out."""
