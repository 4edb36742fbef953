"""The doors of a running engine: the web, and the UNIX socket of the command line.

Rule of this file: loaded late, for calls come first and the web framework takes its time to load.
"""

from __future__ import annotations

import socket
from collections.abc import Coroutine

from engine.main.assets import place
from engine.main.engine import Engine
from engine.main.stored import customers_of, incidents_of, orders_of, support_of
from engine.service.accounts import Accounts
from engine.store.accounts import StoredAccounts
from engine.store.database import Database
from engine.web.app import public_app
from engine.web.control import control_app
from engine.web.metrics import Metrics
from engine.web.server import serve


def doors(
    engine: Engine, database: Database, web: socket.socket, control: socket.socket
) -> list[Coroutine[None, None, None]]:
    """What serves them."""
    metrics = Metrics(engine.exchange, engine.clock, engine.watching.around, engine.watching.alarms)
    accounts = Accounts(StoredAccounts(database), engine.clock)
    customers = customers_of(engine.settings, database, engine.clock)
    support = support_of(engine.settings, database, engine.clock)
    orders = orders_of(database, engine.clock)
    incidents = incidents_of(engine.settings, database, engine.clock)
    public = public_app(
        accounts, customers, support, orders, incidents, engine.clock, lambda: engine.ready, place(), metrics.text
    )
    return [
        serve(public, web),
        serve(control_app(engine.exchange, engine.clock, engine.facts, engine.reload), control),
    ]
