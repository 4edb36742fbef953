"""A message that is none, by which an administrator tries out a means.

Rule of this file: it belongs to no customer and stands in no store.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from engine.message.slip import Slip
from engine.message.states import Means
from engine.ports.outbox import Parcel
from engine.terms import AgentId, CustomerId


def trial(means: Means, address: str) -> Parcel:
    """One delivery of it, each with a key of its own."""
    slip = Slip(
        agent=AgentId("test"),
        agent_name="Vorzimmer",
        taken_at=datetime.now(UTC),
        caller_name="Vorzimmer",
        subject="Test",
        text="Diese Nachricht ist ein Test.\nThis message is a test.",
    )
    return Parcel(
        id=0,
        key=f"test{secrets.token_hex(16)}",
        means=means,
        recipient="Test",
        address=address,
        options={},
        customer=CustomerId(0),
        customer_name="Test",
        message=0,
        slip=slip,
        tries=0,
    )
