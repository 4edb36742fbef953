"""What every request passes, whatever the page: origin, size, headers, mishaps, and how bundles are served."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from fastapi import FastAPI, Request
from starlette.datastructures import URL
from structlog.testing import capture_logs

from engine.accounts import Role
from engine.web.app import public_app
from engine.web.guards import HEADERS, LARGEST_BODY
from engine.web.session import SESSION, cookie_name
from tests.web.office import LOGIN, PASSWORD, Office
from tests.web.programs import program_of
from tests.web.test_tenants import whose

pytestmark = pytest.mark.asyncio(loop_scope="session")
OURS = {"Sec-Fetch-Site": "same-origin"}
GERMAN = {"Accept-Language": "de"}
CREDENTIALS = {"login": LOGIN, "password": PASSWORD}


async def post(office: Office, path: str, headers: dict[str, str], **more: Any) -> tuple[int, str]:
    """Status and place of the answer."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(office.url + path, headers=GERMAN | headers, allow_redirects=False, **more) as answer,
    ):
        return answer.status, answer.headers.get("Location", "")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "{url}"}, 303),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://proxied.example"}, 303),
        ({}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "{url}.evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "{url}"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
    ],
)
async def test_what_changes_something_must_come_from_a_page_of_ours(
    office: Office, headers: dict[str, str], status: int
) -> None:
    sent = {name: value.replace("{url}", office.url) for name, value in headers.items()}
    assert (await post(office, "/sign-in", sent, data=CREDENTIALS))[0] == status


async def test_every_answer_is_protected(office: Office) -> None:
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    assert HEADERS["Content-Security-Policy"] == policy
    async with aiohttp.ClientSession() as session:
        for path in ("/sign-in", "/nowhere", "/static/nothing.js", "/health"):
            async with session.get(office.url + path) as answer:
                found = {name: answer.headers.get(name) for name in (*HEADERS, "Cache-Control")}
                assert found == {**HEADERS, "Cache-Control": "no-store"}
                assert "Strict-Transport-Security" not in answer.headers


async def test_behind_a_proxy_with_tls_cookies_are_bound_to_the_host(office: Office) -> None:
    proxied = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            office.url + "/sign-in", data=CREDENTIALS, headers=OURS | proxied, allow_redirects=False
        ) as answer,
    ):
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
        cookie = answer.headers["Set-Cookie"]
        token = re.match("__Host-session=([^;]+)", cookie)
        assert token
        assert cookie.removeprefix(token[0]) == "; HttpOnly; Path=/; SameSite=lax; Secure"
        found = await office.accounts.session(token[1])
        assert found
        assert found.address == "192.0.2.7"


async def test_without_tls_the_cookie_has_its_plain_name(office: Office) -> None:
    scope = {"type": "http", "scheme": "http", "headers": [], "path": "/", "server": ("127.0.0.1", 80)}
    request = Request(scope)
    assert request.url == URL("http://127.0.0.1/")
    assert cookie_name(request, SESSION) == "session"


async def test_too_much_at_once_is_refused(office: Office) -> None:
    async def endless() -> Any:
        for _ in range(40):
            yield b"x" * 8192

    assert (await post(office, "/sign-in", OURS, data=b"x" * (LARGEST_BODY + 1)))[0] == 413
    assert (await post(office, "/sign-in", OURS, data=endless()))[0] == 413


async def test_a_mishap_has_a_number_that_stands_in_the_log(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret inside")

    monkeypatch.setattr(office.accounts, "sign_in", broken)
    with capture_logs() as logged:
        async with (
            aiohttp.ClientSession() as session,
            session.post(office.url + "/sign-in", data=CREDENTIALS, headers=OURS | GERMAN) as answer,
        ):
            page = await answer.text()
    number = re.search("<code>([0-9a-f]{8})</code>", page)
    assert (answer.status, "Bei uns ist etwas schiefgegangen" in page, "secret" in page) == (500, True, False)
    assert number
    facts = {"event": "page_failed", "number": number[1], "method": "POST", "path": "/sign-in"}
    assert logged == [{**facts, "exc_info": True, "log_level": "error"}]


async def test_nobody_gets_its_own_request_back(office: Office) -> None:
    async with aiohttp.ClientSession() as session:
        for headers, status in (({}, 403), (OURS, 405)):
            async with session.request("TRACE", f"{office.url}/sign-in", headers=headers) as answer:
                assert answer.status == status


async def test_what_was_not_allowed_stands_in_the_log(office: Office) -> None:
    await office.sign_up("ines", "Ines Sommer", Role.SUPPORT)
    token = (await office.accounts.sign_in("ines", PASSWORD, address="192.0.2.1", device="test")).token
    ines = await office.accounts.user_of("ines")
    assert ines
    office.app.get("/whose")(whose)
    with capture_logs() as logged:
        async with (
            aiohttp.ClientSession(cookies={SESSION: token}) as session,
            session.get(f"{office.url}/whose") as answer,
        ):
            assert answer.status == 403
        await post(office, "/sign-in", {"Origin": "https://evil.example"})
        await (await program_of(office, "ines")).asks("GET", "/customer")
    facts = {"log_level": "warning", "method": "GET"}
    assert logged == [
        {"event": "not_allowed", "user": ines.id, "path": "/whose", **facts},
        {"event": "request_refused", "status": 403, "path": "/sign-in", **facts, "method": "POST"},
        {"event": "not_allowed", "user": ines.id, "path": "/api/v1/customer", **facts},
    ]


@pytest.mark.parametrize(
    ("language", "title"), [("de", "Diese Seite gibt es nicht"), ("en", "This page does not exist")]
)
async def test_an_unknown_page_is_told_in_the_users_language(office: Office, language: str, title: str) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(office.url + "/nowhere", headers={"Accept-Language": language}) as answer,
    ):
        assert (answer.status, f"<h1>{title}</h1>" in await answer.text()) == (404, True)
        assert answer.headers["Content-Language"] == language


async def test_programs_get_their_errors_as_json(office: Office) -> None:
    async with aiohttp.ClientSession() as session, session.get(office.url + "/api/nowhere") as answer:
        assert answer.content_type == "application/problem+json"
        said = {"type": "about:blank", "title": "Not Found", "status": 404}
        assert (answer.status, await answer.json(content_type=None)) == (404, said)


async def test_bundles_are_kept_by_browsers_for_ever(office: Office) -> None:
    async with aiohttp.ClientSession(auto_decompress=False) as session:
        async with session.get(office.url + "/sign-in", headers={"Accept-Encoding": "identity"}) as answer:
            page = await answer.text()
        sizes = 0
        for path in re.findall(r"/static/app-[A-Z0-9]{8}\.(?:js|css)", page):
            async with session.get(office.url + path, headers={"Accept-Encoding": "gzip"}) as answer:
                sizes += len(await answer.read())
                assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
                assert answer.headers["Content-Encoding"] == "gzip"
        assert 10_000 < sizes < 60_000


async def test_without_bundles_the_pages_work_and_say_how_to_mend_it(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app = public_app(office.app.state.web, tmp_path / "nothing", lambda: b"")
    assert "web_bundles_missing" in "".join(capsys.readouterr())
    page = await _get(app, "/sign-in")
    assert "run `make setup`" in page
    assert "/static/" not in page


async def _get(app: FastAPI, path: str) -> str:
    """The page's text, without a server."""
    sent: list[dict[str, Any]] = []
    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"", "headers": [],
        "scheme": "http", "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1), "http_version": "1.1",
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return b"".join(message.get("body", b"") for message in sent).decode()
