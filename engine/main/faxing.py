"""Faxes, put together for the running engine: by its link, its trunks and their limits.

Rule of this file: composition only.
"""

from __future__ import annotations

from engine.main.engine import Engine
from engine.main.switch_settings import switch_settings
from engine.notify.fax import FaxCourier, FaxSender
from engine.service.faxes import Faxes
from engine.service.number_classes import load_number_classes
from engine.store.customers import StoredCustomers
from engine.store.database import Database
from engine.terms import E164
from pbx.fax_files import FaxFiles
from pbx.perform_fax import FaxPerformer


def fax_courier_of(engine: Engine, database: Database) -> FaxCourier | None:
    """Who sends faxes; None where they are not set up, or this engine dials nobody."""
    settings, outbound = engine.settings, engine.outbound
    if not settings.fax_number or outbound is None:
        return None
    performer = FaxPerformer(lambda: engine.link, FaxFiles(switch_settings(settings)))
    engine.fax_over = performer.over
    customers = StoredCustomers(database, load_number_classes(settings.number_classes))

    async def is_ours(number: E164) -> bool:
        return await customers.by_access_number(number) is not None

    sender = FaxSender(settings.mail_name, E164(settings.fax_number))
    line = Faxes(performer, outbound, is_ours, sender.number, sender.name, settings.country)
    return FaxCourier(line, sender, engine.clock, settings.language, settings.fax_at_once)
