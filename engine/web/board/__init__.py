"""The supervisor's live board: who waits, who works, how the day goes, and what can be ordered (SPEC, Desk)."""
