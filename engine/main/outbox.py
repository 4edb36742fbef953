"""The engine's outbox, put together.

Rule of this file: composition only; loaded when calls are served, for they come first.
"""

from __future__ import annotations

from engine.jobs.outbox import Outbox
from engine.main.couriers import couriers_of
from engine.message.states import Means
from engine.ports import Clock
from engine.service.alarming import Alarming
from engine.settings import Settings
from engine.store.customer_store import StoredCustomerEntries
from engine.store.database import Database
from engine.store.messages import StoredMessages
from engine.store.outbox import StoredOutbox

_MISSING = {Means.MAIL: "smtp_host", Means.SMS: "sms_gateway", Means.PUSHOVER: "pushover_token_file"}
"""By which setting each means is set up."""


def outbox_of(settings: Settings, database: Database, clock: Clock) -> Outbox:
    """The outbox over this store, with every courier that is set up."""
    messages = StoredMessages(database, settings.country)
    alarming = Alarming(messages, StoredCustomerEntries(database, settings.country))
    return Outbox(StoredOutbox(database), couriers_of(settings, clock), clock.now, alarming.after, _MISSING)
