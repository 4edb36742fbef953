"""The agent's desk: the call, what to say, the message; live by server-sent events (SPEC, Desk)."""
