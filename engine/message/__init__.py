"""What is written down for a customer, and what becomes of it: rules alone."""
