"""The command line as a client of the running engine, over its control socket."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engine.main.problem import Problem

LIMIT = 30.0
"""Seconds."""


def control_socket(home: Path) -> Path:
    """Where the command line reaches the engine of this home."""
    return home / "run" / "control.sock"


class NotRunning(Problem):
    """No engine answers."""


async def ask(home: Path, method: str, path: str, body: dict[str, Any] | None = None, within: float = LIMIT) -> Any:
    """The engine's answer, within so many seconds. Raises NotRunning, or Problem with the engine's own words."""
    import aiohttp  # here: most commands ask no engine

    socket, limit = control_socket(home), aiohttp.ClientTimeout(total=within)
    try:
        async with (
            aiohttp.ClientSession(connector=aiohttp.UnixConnector(str(socket)), timeout=limit) as http,
            http.request(method, f"http://vorzimmer{path}", json=body) as answer,
        ):
            text = await answer.text()
    except TimeoutError:
        raise Problem(f"the engine in {home} does not answer within {within:.0f} s") from None
    except aiohttp.ClientConnectionError as problem:
        if isinstance(problem, aiohttp.ClientConnectorError) and isinstance(problem.os_error, PermissionError):
            raise Problem(f"{socket} belongs to another account: run this as the engine's own") from None
        raise NotRunning(f"no engine runs in {home}: start one with `vorzimmer run`") from None
    if not answer.content_type.endswith("json"):
        raise Problem(f"the engine in {home} answers {answer.status} {answer.reason}: its log says why")
    said = json.loads(text)
    if answer.status >= 400:
        raise Problem(str(said.get("detail", said)))
    return said
