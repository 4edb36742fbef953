"""The customer's own pages. Rule of this room: whose data a page shows comes from `CustomerPage.customer` alone."""
