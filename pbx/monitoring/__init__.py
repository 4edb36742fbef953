"""The parts of `pbx.monitor`: one connection to Asterisk's manager interface (AMI), and what it says as facts."""
