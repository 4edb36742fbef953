"""What German telecommunications law asks of a customer's settings (TKG as of 2021-12). Pure: the table is an
argument."""
