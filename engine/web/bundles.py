"""Scripts and styles for browsers, as set-up has bundled them: kept in memory, told apart by the hash in their names.

Rule of this file: a name never stands for other bytes, so browsers may keep them for ever. An engine whose bundles are
missing serves plain pages and says how to mend it.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import structlog
from fastapi import APIRouter, HTTPException, Request, Response

MEND = "run `make setup`, or `python -m engine.main.assets` in the environment of the engine"
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
_FOR_EVER = "public, max-age=31536000, immutable"
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Bundles:
    """Each bundle by the name of its source, and the bytes by the name that they are served under."""

    names: dict[str, str] = field(default_factory=dict)
    plain: dict[str, bytes] = field(default_factory=dict)
    packed: dict[str, bytes] = field(default_factory=dict)

    def url(self, source: str) -> str | None:
        """Where e.g. `app.css` is; None if there are no bundles."""
        return f"/static/{self.names[source]}" if source in self.names else None


def load_bundles(directory: Path) -> Bundles:
    """What is in that directory; nothing, with a line in the log, if it is not there."""
    try:
        names: dict[str, str] = json.loads((directory / "manifest.json").read_text("utf-8"))
        plain = {name: (directory / name).read_bytes() for name in names.values()}
    except OSError as problem:
        log.error("web_bundles_missing", why=str(problem), mend=MEND)
        return Bundles()
    return Bundles(names, plain, {name: _packed(body) for name, body in plain.items()})


@cache
def _packed(body: bytes) -> bytes:
    return gzip.compress(body)


def static(bundles: Bundles) -> APIRouter:
    """The route that serves them."""
    router = APIRouter()

    @router.get("/static/{name}")
    async def serve(name: str, request: Request) -> Response:
        if name not in bundles.plain:
            raise HTTPException(404)
        headers = {"Cache-Control": _FOR_EVER, "Content-Type": _TYPES[Path(name).suffix], "Vary": "Accept-Encoding"}
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(bundles.packed[name], headers={**headers, "Content-Encoding": "gzip"})
        return Response(bundles.plain[name], headers=headers)

    return router
