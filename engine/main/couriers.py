"""The couriers of this installation.

Rule of this file: composition only; a means that is not set up has none.
"""

from __future__ import annotations

from engine.ports.outbox import Courier
from engine.settings import Settings


def couriers_of(settings: Settings) -> list[Courier]:
    """Those that are set up."""
    return []
