"""Composition root and command line: the one room of `engine` that may import `pbx`."""

from engine.main.cli import main

__all__ = ["main"]
