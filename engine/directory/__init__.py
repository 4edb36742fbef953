"""What a customer has put down for the agents: people, company, notes, and what of it holds at a moment (§5.1 to §5.5).
Pure: the moment is an argument."""
