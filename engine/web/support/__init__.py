"""Support's and the administrators' pages. Rule of this room: every route says which roles may use it."""
