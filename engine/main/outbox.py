"""The engine's outbox, put together.

Rule of this file: composition only; loaded when calls are served, for they come first.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.jobs.outbox import Outbox
from engine.main.couriers import couriers_of
from engine.message.states import Means
from engine.ports import Clock
from engine.service.alarming import Alarming
from engine.service.desk_news import desk_news
from engine.settings import Settings
from engine.store.customer_store import StoredCustomerEntries
from engine.store.database import Database
from engine.store.messages import StoredMessages
from engine.store.outbox import StoredOutbox
from engine.terms import AgentId

_MISSING = {Means.MAIL: "smtp_host", Means.SMS: "sms_gateway", Means.PUSHOVER: "pushover_token_file"}
"""By which setting each means is set up."""


def outbox_of(settings: Settings, database: Database, clock: Clock, stirred: Callable[[AgentId], None]) -> Outbox:
    """The outbox over this store, with every courier that is set up. `stirred(agent)`: let his desk look again."""
    messages = StoredMessages(database, settings.country)
    alarming = Alarming(messages, StoredCustomerEntries(database, settings.country))
    couriers, told = couriers_of(settings, clock), desk_news(stirred)
    return Outbox(StoredOutbox(database), couriers, clock.now, alarming.after, _MISSING, told=told)
