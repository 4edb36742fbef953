"""§5.7 and §6.1 on the real switch: what a customer uploads or types, the next caller hears."""

from __future__ import annotations

import io
import shutil
import wave
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import pytest

from tests.recordings import recording
from tests.stories.installation import Installation, eventually, installed
from tests.stories.people import hears_other_than, hears_tone
from tests.stories.scene import NUMBER, Scene, at, line, story
from tests.web.office import PASSWORD
from tests.web.portal import Client

HZ = 440
ARRIVED = ["arrived +491701234567 for +4930123450", "customer K1 Muster GmbH"]
ABANDONED = ["caller_left", "ended abandoned, normal", "charged 0 min"]
SAVED = "Gespeichert, gilt ab dem nächsten Anruf."
OURS = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Engine and Asterisk, which nobody else has; the second story needs the first."""
    with installed(tmp_path_factory.mktemp("vz")) as made:
        yield made


@asynccontextmanager
async def at_the_portal(installation: Installation, scene: Scene) -> AsyncIterator[Client]:
    """Somebody of the customer's, who has just got the one-time link."""
    scene.has_customer()
    await scene.opens()
    who = ("petra@muster.example", "--name", "Petra Muster", "--role", "customer", "--customer", "K1")
    _, said, _ = await installation.vorzimmer("user", "add", *who)
    url = f"http://127.0.0.1:{installation.settings['WEB_PORT']}"
    link = url + "/link/" + said.split("/link/")[1].strip()
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        async with http.post(link, data={"password": PASSWORD, "again": PASSWORD}, headers=OURS) as answer:
            assert (answer.status, answer.url.path) == (200, "/")
        yield Client(cast("Any", SimpleNamespace(url=url)), http)


async def uploads(petra: Client, file: bytes, name: str) -> None:
    form = aiohttp.FormData({"name": name}, default_to_multipart=True)
    form.add_field("file", io.BytesIO(file), filename="x.mp3")
    async with petra.http.post(f"{petra.office.url}/announcements/upload", data=form, headers=OURS) as answer:
        assert (answer.status, answer.url.path) == (200, "/announcements")


async def length(petra: Client, sound: str) -> float:
    """Seconds that one hears in the portal."""
    async with petra.http.get(f"{petra.office.url}/listen/announcement/{sound}") as answer:
        with wave.open(io.BytesIO(await answer.read())) as wav:
            return float(wav.getnframes() / wav.getframerate())


async def hears_the_tone(scene: Scene) -> None:
    """A call from beginning to end: the tone, then music."""
    caller = await scene.caller()
    await caller.dials(NUMBER)
    await hears_tone(caller.call, HZ)
    await hears_other_than(caller.call, HZ)
    await caller.hangs_up()


async def test_5_7_the_next_caller_hears_what_was_uploaded_and_then_what_was_typed(own: Installation) -> None:
    async with story(own) as scene, at_the_portal(own, scene) as petra:
        await uploads(petra, recording("mp3", seconds=2, hz=HZ), "Ton")
        fields = {"wait.treatment": "answered", "wait.greeting": "own-1"}
        assert (await petra.fills("/technical", fields)).told == SAVED
        await hears_the_tone(scene)
        assert await scene.trails() == [heard("own-1")]

        typed = {"title": "Text", "language": "de", "text": "Guten Tag, Sie sprechen gleich mit uns. a < b"}
        assert (await petra.posts("/announcements/text", typed)).path == "/announcements"
        assert (await petra.fills("/technical", {"wait.greeting": "own-2"})).told == SAVED
        takes = await length(petra, "own-2")
        caller = await scene.caller()
        await caller.dials(NUMBER)
        await caller.is_answered()
        await caller.hears_something()
        await eventually(lambda: has_heard(scene, "own-2"), "the music begins")
        await caller.hangs_up()
        _, (_, trail) = await scene.calls()
        assert (at(trail, "music") - at(trail, "announcement")).total_seconds() == pytest.approx(takes, abs=0.5)
        assert await scene.trails() == [heard("own-1"), heard("own-2")]


async def test_5_7_after_a_restart_it_is_there_although_its_files_are_gone(own: Installation) -> None:
    assert own.stop() == 0
    files = own.home / "asterisk" / "sounds" / "own"
    names = sorted(file.name for file in files.iterdir())
    shutil.rmtree(files)
    await own.start()

    async def are_back() -> bool:
        return files.is_dir() and sorted(file.name for file in files.glob("own-*")) == names

    await eventually(are_back, "the files are made from the store")
    async with story(own) as scene:
        scene.has_customer(wait={"treatment": "answered", "greeting": "own-1"})
        await scene.opens()
        await hears_the_tone(scene)
        assert await scene.trails() == [heard("own-1")]


def heard(greeting: str) -> list[str]:
    """The trail of a caller who gave up after the greeting."""
    return [*ARRIVED, f"announcement {greeting}", "200", "music default", *ABANDONED]


async def has_heard(scene: Scene, greeting: str) -> bool:
    """Whether the last caller has come to the music."""
    trail = await scene.installation.trail((await scene.installation.records())[-1].id)
    words = [line(entry) for entry in trail]
    return f"announcement {greeting}" in words and words[-1] == "music default"
