"""Vorzimmer's rules and services. Nothing in here knows that Asterisk exists (but `engine.main`)."""
