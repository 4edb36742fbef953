"""An outbox that is killed at any moment, 200 times: nothing is lost, and what is sent twice has the same key."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socketserver
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.message.slip import Slip
from engine.message.states import DeliveryState, Means
from engine.ports.outbox import Planned
from engine.store.database import Database
from engine.store.messages import StoredMessages
from engine.store.tables import message_deliveries
from engine.terms import AgentId
from tests.catalogue import service_on
from tests.jobs.dying import ToRecorder
from tests.jobs.posting import CUSTOMERS, KORN

KILLS = 100
"""On each of two databases."""
MESSAGES = 300
ROOT = Path(__file__).parents[2]


class Recorder(socketserver.ThreadingTCPServer):
    """The other side: writes down every key and message that is handed over, then says that it has."""

    daemon_threads = True
    request_queue_size = 50

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Receives)
        self.told: list[tuple[str, int]] = []
        self.heard = threading.Event()


class _Receives(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        recorder = self.server
        assert isinstance(recorder, Recorder)
        key, _, message = self.rfile.readline().decode().partition(" ")
        if message:
            recorder.told.append((key, int(message)))
            recorder.heard.set()
            self.wfile.write(b"ok\n")


@contextmanager
def recording() -> Iterator[Recorder]:
    """A recorder that listens."""
    with Recorder() as recorder:
        thread = threading.Thread(target=recorder.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield recorder
        recorder.shutdown()
        thread.join()


class Outboxes:
    """One outbox after the other, on one store."""

    def __init__(self, url: str, recorder: Recorder) -> None:
        command = [sys.executable, "-m", "tests.jobs.dying", url, str(recorder.server_address[1])]
        pipe = subprocess.PIPE
        self._forks = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, bufsize=1, cwd=ROOT)

    def begin(self) -> int:
        """The next one; its process."""
        return int(self._says())

    def _says(self) -> str:
        assert self._forks.stdin and self._forks.stdout
        self._forks.stdin.write("\n")
        return self._forks.stdout.readline()

    def kill(self, process: int) -> None:
        """As the machine does when it runs out of memory."""
        os.kill(process, signal.SIGKILL)
        assert self._forks.stdout and self._forks.stdout.readline() == "dead\n"

    def end(self) -> None:
        """No more of them."""
        assert self._forks.stdin and self._forks.stdout
        self._forks.stdin.close()
        self._forks.stdout.close()
        assert self._forks.wait(10) == 0


async def _filled(url: str) -> None:
    database = Database(url)
    await service_on(database).import_text(CUSTOMERS)
    messages, now = StoredMessages(database), datetime.now(UTC)
    way = Planned(Means.MAIL, "Eva Korn", "eva@korn.example", now - timedelta(seconds=1))
    for n in range(MESSAGES):
        await messages.add(KORN, f"{n}", Slip(AgentId("anna"), "Anna Lindner", now, text="Ofen"), [way])
    await database.close()


async def _keys(url: str) -> dict[str, DeliveryState]:
    """How far every delivery is, by its key."""
    database, one = Database(url), message_deliveries.c
    async with database.reading() as connection:
        rows = (await connection.execute(select(one.key, one.state))).all()
    await database.close()
    return {row.key: DeliveryState(row.state) for row in rows}


def _sent(url: str) -> set[str]:
    return {key for key, state in asyncio.run(_keys(url)).items() if state is DeliveryState.SENT}


def _wait_for_a_moment(chance: random.Random, recorder: Recorder) -> None:
    """Any moment from the start on, or any after a delivery was handed over: that is what is tested here."""
    if chance.random() < 0.7:
        recorder.heard.clear()
        recorder.heard.wait(0.3)
    time.sleep(chance.uniform(0, 0.06))


@pytest.mark.timeout(180)
def test_nothing_is_lost_and_what_is_sent_twice_has_the_same_key(database_url: str) -> None:
    asyncio.run(_filled(database_url))
    chance, over = random.Random(database_url), set[str]()
    with recording() as recorder:
        outboxes = Outboxes(database_url, recorder)
        for _ in range(KILLS):
            before = len(recorder.told)
            process = outboxes.begin()
            _wait_for_a_moment(chance, recorder)
            outboxes.kill(process)
            assert not over & {key for key, _ in recorder.told[before:]}, "what was noted is never sent again"
            over = _sent(database_url)
        process = outboxes.begin()
        until = time.monotonic() + 60
        while len(_sent(database_url)) < MESSAGES:
            assert time.monotonic() < until, "something is lost"
            recorder.heard.clear()
            recorder.heard.wait(0.5)
        outboxes.kill(process)
        outboxes.end()
    times, keys = Counter(message for _, message in recorder.told), set(recorder.told)
    assert {key for key, _ in keys} == set(asyncio.run(_keys(database_url)))
    assert (len(times), len(keys)) == (MESSAGES, MESSAGES), "each was sent, under one key"
    again = len(recorder.told) - MESSAGES
    assert 0 < again <= KILLS * ToRecorder.at_once, "some were in the air when it was killed, and only they come again"
