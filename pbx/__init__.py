"""Everything that speaks Asterisk or SIP. Decisions are made in `engine`."""
