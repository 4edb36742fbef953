"""When the service is open (§3). Pure: the moment to judge is an argument."""
