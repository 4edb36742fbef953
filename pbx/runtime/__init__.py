"""Fetch, configure, start, watch and stop an Asterisk of our own.

Rule of this room: set-up runs `bootstrap` before anything is installed, so `bootstrap`, `debian`, `progress` and
this file use the standard library only.
"""
