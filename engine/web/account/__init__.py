"""Signing in and out, one-time links, and what everybody sets for the own login."""
