"""The administrators' pages. Rule of this room: every route asks for the right that its change needs."""
