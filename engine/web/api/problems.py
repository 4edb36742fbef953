"""What a program is told when something does not work out: problem details (RFC 9457).

Rule of this file: `type` is what programs go by; each one of ours can be opened and says what it means. Nothing of the
inside is told.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request, Response

V1 = "/api/v1"
"""Where the first version is; no cookie opens anything below it."""
KINDS: Mapping[str, str] = {
    "no-token": "A valid token is needed: Authorization: Bearer vz_…",
    "too-many-failures": "Too many requests with a wrong token came from this address: wait as Retry-After says",
    "not-for-this-role": "The token's user may not do this",
    "unknown": "This token's user sees nothing of that name",
    "malformed": "The request is not as the documentation has it; `mistakes` has every reason",
    "refused": "Nothing was saved; `mistakes` has every reason, each with its path and a code",
    "conflict": "Nothing was saved: somebody else has changed what was seen; `theirs` has what stands there now",
    "not-failed": "Nothing was sent: this has not failed for good, or somebody has dealt with it already",
    "no-such-way": "Nothing was sent: no contact gets messages there, by this means",
    "account": "This cannot be done with that user; `fault` is the word for why",
}
"""What each type of ours means; the others are `about:blank`, which says no more than the status."""
router = APIRouter(prefix=f"{V1}/problems")


class Problem(Exception):
    """A request that is refused; `more` are further members of the answer."""

    def __init__(self, status: int, kind: str, detail: str = "", wait: int = 0, **more: Any) -> None:
        """`wait`: seconds until it makes sense to try again."""
        super().__init__(kind)
        self.status, self.kind, self.detail, self.wait, self.more = status, kind, detail, wait, more


@router.get("/{kind}", summary="What a type of problem means")
async def explain(kind: str) -> dict[str, str]:
    """For people who follow a problem's `type`; open to anybody."""
    if kind not in KINDS:
        raise Problem(404, "unknown")
    return {"type": f"{V1}/problems/{kind}", "title": KINDS[kind]}


def problem_of(status: int, kind: str = "", detail: str = "", **more: Any) -> Response:
    """The answer."""
    facts = {
        "type": f"{V1}/problems/{kind}" if kind else "about:blank",
        "title": KINDS[kind] if kind else HTTPStatus(status).phrase,
        "status": status,
        **({"detail": detail} if detail else {}),
        **more,
    }
    # In ASCII: what was sent comes back in it, and may be half a letter that has no UTF-8.
    return Response(json.dumps(facts), status, media_type="application/problem+json")


async def refuse(_request: Request, problem: Exception) -> Response:
    """The answer to a `Problem`."""
    assert isinstance(problem, Problem)
    answer = problem_of(problem.status, problem.kind, problem.detail, **problem.more)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="Vorzimmer"'
    if problem.wait:
        answer.headers["Retry-After"] = str(problem.wait)
    return answer


def malformed(errors: list[Any]) -> Response:
    """The answer to what pydantic has refused."""
    mistakes = [
        {"path": "/".join(map(str, one["loc"])), "code": one["type"], "values": {}, "text": one["msg"]}
        for one in errors
    ]
    return problem_of(422, "malformed", mistakes=mistakes)
