"""What the API can do, as OpenAPI 3.1: made from the routes, so it never says anything else than they do."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse

from engine.web.api import calls, customers, messages, problems, users
from engine.web.api.models import ProblemShown
from engine.web.api.problems import V1

_ABOUT = (
    "What the pages can do, for programs. Make a token at `/account/tokens` and send it with every request: "
    "`Authorization: Bearer vz_…`. A token is worth what its user is worth. Problems come as RFC 9457 has them."
)
_REF = "#/components/schemas/{model}"
router = APIRouter(prefix=V1)
ROUTERS: Sequence[APIRouter] = (users.router, customers.router, calls.router, messages.router, problems.router, router)
"""Everything that the API has."""


@router.get("/openapi.json", summary="This description", tags=["description"])
async def show() -> JSONResponse:
    """Open to anybody: it tells nothing of any customer."""
    return JSONResponse(description())


@cache
def description() -> dict[str, Any]:
    """The document."""
    routes = [route for one in ROUTERS for route in one.routes]
    found = get_openapi(title="Vorzimmer", version=version("vorzimmer"), description=_ABOUT, routes=routes)
    schemas = found["components"]["schemas"]
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused)
    problem = ProblemShown.model_json_schema(ref_template=_REF)
    schemas |= {**problem.pop("$defs"), ProblemShown.__name__: problem}
    shown = {"schema": {"$ref": _REF.format(model=ProblemShown.__name__)}}
    for operation in (one for path in found["paths"].values() for one in path.values()):
        operation["responses"].pop("422", None)
        operation["responses"]["4XX"] = {"description": "A problem", "content": {"application/problem+json": shown}}
    return found
