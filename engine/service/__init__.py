"""What people and the switch ask for: loads, lets the rules decide, orders, writes down."""
