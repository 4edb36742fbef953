"""The committed ARI model is what the running Asterisk says of itself, and so are the requests."""

import re
from pathlib import Path
from typing import Any

import pytest_asyncio

from engine.terms import HangupCause
from pbx.ari import requests as r
from pbx.ari.generate import FILES, MODULE, models, source
from tests.pbx.ari_world import asterisk, linked

REQUESTS = (
    r.ring("c"), r.progress("c"), r.answer("c"), r.start_music("c", "default"), r.stop_music("c"),
    r.play("c", "p", "sound:x"), r.stop_playback("p"),
    r.originate("c", "PJSIP/a", "app", args="leg", limit=20, variables={"X": "1"}),
    r.hang_up("c", HangupCause.BUSY), r.get_variable("c", "X"), r.create_bridge("b"),
    r.add_to_bridge("b", "c", "d"), r.delete_bridge("b"),
)  # fmt: skip


@pytest_asyncio.fixture
async def documents(tmp_path: Path) -> list[dict[str, Any]]:
    """What `/ari/api-docs` says about the resources that we use."""
    async with asterisk(tmp_path) as switch, linked(switch) as link:
        return [(await link.get(f"/api-docs/{name}.json")).body() for name in FILES]


def described(documents: list[dict[str, Any]], request: r.Request) -> list[set[str]]:
    """The parameters of each operation that this request could be."""
    found = []
    for api in (api for document in documents for api in document["apis"]):
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", api["path"]), request.uri):
            operations = [one for one in api["operations"] if one["httpMethod"] == request.method]
            found += [{parameter["name"] for parameter in one.get("parameters", ())} for one in operations]
    return found


async def test_model_and_requests_are_those_of_the_running_switch(documents: list[dict[str, Any]]) -> None:
    assert MODULE.read_text("utf-8") == source(models(documents))
    unknown = []
    for request in REQUESTS:
        said = {*(request.query or ()), *(request.body or ())}
        if not any(said <= parameters for parameters in described(documents, request)):
            unknown.append(request)
    assert unknown == []


def test_ids_are_percent_encoded() -> None:
    assert r.answer("a/b?c d").uri == "/channels/a%2Fb%3Fc%20d/answer"
    assert r.delete_bridge("../x").uri == "/bridges/..%2Fx"
    assert r.stop_playback("p#1").uri == "/playbacks/p%231"
