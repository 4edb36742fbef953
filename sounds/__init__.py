"""Announcements and tones, what they say, and how they are made. Nothing here runs while calls are served."""
