"""Doors for people and programs: HTTP. Decisions are made in the services."""
