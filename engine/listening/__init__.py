"""One supervisor's listening to one conversation, from the order to its end. Pure: facts in, commands out."""
