"""The web: the portal's pages, the API, what load balancers and Prometheus ask for, and the guards around all of it.

Rule of this file: composition only. No personal data without a login.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.middleware.gzip import GZipMiddleware

from engine.web import days, desk_phone, hooks
from engine.web.account import link, second_factor, settings, sign_in, tokens, typed
from engine.web.admin import agents, log, trunks
from engine.web.api.description import ROUTERS
from engine.web.board import events as board_events
from engine.web.board import orders as board_orders
from engine.web.board import show as board
from engine.web.bundles import load_bundles, static
from engine.web.desk import events as desk_events
from engine.web.desk import handover as desk_handover
from engine.web.desk import putting_through as desk_through
from engine.web.desk import show as desk
from engine.web.desk import taking as desk_taking
from engine.web.errors import error_page, mend_errors
from engine.web.guards import BodyLimit, Guards
from engine.web.languages import load_words
from engine.web.metrics import CONTENT_TYPE
from engine.web.page import Services, Web
from engine.web.portal import (
    announcements,
    blocked,
    company,
    contacts,
    greeting,
    listen,
    notes,
    own_data,
    person,
    sending,
    start,
    summary,
    technical,
    trial,
    trying_out,
)
from engine.web.portal import calls as call_pages
from engine.web.portal import hours as portal_hours
from engine.web.portal import messages as message_pages
from engine.web.portal import orders as portal_orders
from engine.web.portal import users as portal_users
from engine.web.support import blocked as support_blocked
from engine.web.support import customer, editing, history, hours, making
from engine.web.support import incidents as support_incidents
from engine.web.support import news as support_news
from engine.web.support import orders as support_orders
from engine.web.support import persons as support_persons
from engine.web.support import start as support_start
from engine.web.support import users as admin_users
from engine.web.templating import load_templates

PAGES = (
    start,
    trial,
    summary,  # before `message_pages`: anything else below their address is a message's number
    message_pages,
    sending,
    call_pages,
    greeting,
    trying_out,  # before `contacts`: any other name below their address is one of theirs
    contacts,
    company,
    blocked,
    notes,
    technical,
    announcements,
    portal_hours,
    listen,
    desk,
    desk_taking,
    desk_handover,
    desk_through,
    desk_events,
    days,
    board,
    board_orders,
    board_events,
    sign_in,
    link,
    settings,
    second_factor,
    tokens,
    typed,
    own_data,
    person,
    portal_orders,
    portal_users,
    admin_users,
    agents,
    trunks,
    log,
    support_start,
    support_orders,
    support_incidents,
    support_news,
    support_blocked,
    support_persons,
    making,
    history,
    hours,
    editing,
    customer,
    desk_phone,
)
"""Every module with pages: each has a `router`."""


def public_app(
    services: Services,
    bundles: Path,
    metrics: Callable[[], bytes],
    *,
    is_trusted: bool = True,
    sms_hook: hooks.SmsHook | None = None,
) -> FastAPI:
    """The application. `bundles` is where scripts and styles are; `metrics()` gives the figures for Prometheus.

    `is_trusted`: browsers trust the certificate without being told to, so they may be told to insist on it.
    `sms_hook`: for whom an SMS gateway tells of its SMS; None = nobody listens.
    """
    app = FastAPI(title="Vorzimmer", docs_url=None, redoc_url=None, openapi_url=None)
    words, loaded = load_words(), load_bundles(bundles)
    given = {one.name: getattr(services, one.name) for one in fields(Services)}
    app.state.web = Web(**given, words=words, templates=load_templates(words, loaded))
    app.state.sms_hook = sms_hook
    routes = [route for module in PAGES for route in module.router.routes]
    app.state.paths = frozenset(route.path for route in routes if isinstance(route, APIRoute))
    own = (static(loaded), _for_machines(services.ready, metrics), hooks.router)
    for router in (*(module.router for module in PAGES), *ROUTERS, *own):
        # As they are: `include_router` builds each of them anew, while the first request waits.
        app.router.routes.extend(router.routes)
    mend_errors(app)
    app.add_middleware(GZipMiddleware, compresslevel=5)
    app.add_middleware(BodyLimit)
    app.add_middleware(Guards, refuse=error_page, is_trusted=is_trusted)
    return app


def _for_machines(ready: Callable[[], bool], metrics: Callable[[], bytes]) -> APIRouter:
    router = APIRouter()

    @router.get("/health")
    async def health() -> JSONResponse:
        """200 if calls can be taken, else 503: for load balancers and monitors."""
        return JSONResponse({"ready": ready()}, 200 if ready() else 503)

    @router.get("/metrics")
    async def scrape() -> Response:
        """Figures for Prometheus."""
        return Response(metrics(), media_type=CONTENT_TYPE)

    return router
