"""An installation whose web has TLS of its own: an agent answers in a browser, and a bad certificate is told of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.stories.browser_people import browsers
from tests.stories.installation import Installation, installed
from tests.stories.scene import story
from tests.stories.test_browser_phone import RUNG, TALKED, talking


@pytest.fixture(scope="module")
def safe(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """With a certificate that it has made itself."""
    with installed(tmp_path_factory.mktemp("https"), WEB_TLS="own") as made:
        yield made


async def test_a_call_is_answered_in_a_browser_over_tls(safe: Installation) -> None:
    """The page by HTTPS, its SIP by WSS; the desk's own stream beside it."""
    async with story(safe) as scene, browsers() as browser:
        anna, caller = await talking(scene, browser)
        assert anna.visitor.url.startswith("https://")
        cookies = await anna.visitor.page.context.cookies()
        (session,) = [one for one in cookies if one["name"] == "__Host-session"]
        assert session["secure"]
        await anna.loads_anew()
        await anna.phone_is("talking")
        await caller.hears_something()
        await anna.clicks_somewhere()
        await anna.hears_the_caller()
        await anna.presses("Auflegen")
        await caller.is_hung_up_on()
        assert await scene.trails() == [[*RUNG, "picked_up anna", "200", *TALKED]]
    assert safe.settings["WEB_PORT"] in str((await safe.ask("GET", "/status"))["web"])


async def test_a_certificate_that_cannot_serve_is_told_of_before_anything_starts(safe: Installation) -> None:
    cert, key = safe.home / "nobody.pem", safe.home / "tls" / "key.pem"
    another = {"HOME": str(safe.home / "another"), "WEB_TLS": "files", "WEB_TLS_CERT": str(cert)}
    code, said, complained = await safe.vorzimmer("run", **another, WEB_TLS_KEY=str(key))
    mend = f"vorzimmer: {cert} cannot be read (No such file or directory): mend its rights or the setting"
    assert (code, said, complained.splitlines()[-1]) == (1, "", mend)
