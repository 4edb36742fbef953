"""The engine's outbox, put together, and what takes in what others tell of it.

Rule of this file: composition only; loaded when calls are served, for they come first.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from engine.jobs.outbox import Outbox
from engine.main.couriers import couriers_of
from engine.message.states import Means
from engine.notify.pushover import PushoverCourier
from engine.notify.sms_reports import READERS
from engine.ports import Clock
from engine.ports.outbox import Courier
from engine.service.alarming import Alarming
from engine.service.desk_news import desk_news
from engine.service.outbox_figures import OutboxFigures
from engine.service.reports import Reports
from engine.settings import Settings
from engine.store.customer_store import StoredCustomerEntries
from engine.store.database import Database
from engine.store.messages import StoredMessages
from engine.store.outbox import StoredOutbox
from engine.store.reports import StoredReports
from engine.terms import AgentId
from engine.web.hooks import SmsHook
from pbx.runtime.secret_files import secret

HOOK_SECRET = "sms-hook"
"""The file among the home's secrets with what the gateway's address ends with; made at first use."""
_MISSING = {
    Means.MAIL: "smtp_host",
    Means.SMS: "sms_gateway",
    Means.PUSHOVER: "pushover_token_file",
    Means.FAX: "fax_number",
}
"""By which setting each means is set up."""


def outbox_of(
    settings: Settings, database: Database, clock: Clock, stirred: Callable[[AgentId], None], fax: Courier | None = None
) -> Outbox:
    """The outbox over this store, with every courier that is set up.

    `stirred(agent)`: let his desk look again; `fax`: the engine's.
    """
    messages = StoredMessages(database, settings.country)
    alarming = Alarming(messages, StoredCustomerEntries(database, settings.country))
    couriers, told = couriers_of(settings, clock, fax), desk_news(stirred)
    outbox = Outbox(StoredOutbox(database), couriers, clock.now, alarming.after, _MISSING, told=told)
    for one in couriers:
        if isinstance(one, PushoverCourier):
            outbox.figures.pushes_left = partial(getattr, one, "remaining")
    return outbox


def reports_of(
    database: Database, clock: Clock, figures: Callable[[], OutboxFigures], stirred: Callable[[AgentId], None]
) -> Reports:
    """What others tell, over this store; `figures()`: of the outbox at work, `stirred(agent)`: his desk is to look."""
    return Reports(StoredReports(database), clock.now, figures, stirred)


def sms_hook_of(settings: Settings, reports: Reports) -> SmsHook | None:
    """Where the SMS gateway tells of its SMS; None = it is not set up."""
    if not settings.sms_reports:
        return None
    return SmsHook(secret(settings.home, HOOK_SECRET), READERS[settings.sms_gateway], reports.take)


def sms_hook_url(settings: Settings) -> str:
    """The address that the gateway is to be told."""
    return f"{settings.web_url}/api/hooks/sms/{secret(settings.home, HOOK_SECRET)}"
