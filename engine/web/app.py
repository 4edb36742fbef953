"""What the web port shows: that the service lives. The portal, the desk and the API come into this application.

Rule of this file: no personal data without a login; figures only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Response
from fastapi.responses import JSONResponse

from engine.ports import Clock
from engine.service import overview
from engine.service.exchange import Exchange
from engine.web.metrics import CONTENT_TYPE, Metrics


def public_app(exchange: Exchange, clock: Clock, ready: Callable[[], bool], metrics: Metrics) -> FastAPI:
    """The application. `ready()` says whether calls can be taken."""
    app = FastAPI(title="Vorzimmer", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/")
    async def start() -> dict[str, Any]:
        """What this is, and how much is going on."""
        return {"service": "Vorzimmer", "ready": ready(), **overview.figures(exchange, clock.now())}

    @app.get("/health")
    async def health() -> JSONResponse:
        """200 if calls can be taken, else 503: for load balancers and monitors."""
        return JSONResponse({"ready": ready()}, 200 if ready() else 503)

    @app.get("/metrics")
    async def scrape() -> Response:
        """Figures for Prometheus."""
        return Response(metrics.text(), media_type=CONTENT_TYPE)

    return app
