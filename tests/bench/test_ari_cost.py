"""What one ARI request and one event cost; prints figures: `pytest -s --override-ini addopts= tests/bench`."""

import time
from pathlib import Path

import msgspec
import pytest

from pbx.ari import Counters, Outcome
from pbx.ari import requests as r
from pbx.ari.codec import decode
from pbx.ari.model import AnyEvent, StasisStart
from tests.pbx.ari_world import Witness, asterisk, linked

REQUESTS = 10_000
DECODES = 50_000


@pytest.mark.parametrize("window", [1, 8, 64])
async def test_pipelined_requests(tmp_path: Path, window: int) -> None:
    """`window` requests are under way at any time."""
    async with asterisk(tmp_path) as switch, linked(switch) as link:
        latencies: list[float] = []
        witness = Witness()

        def order() -> None:
            begun = time.perf_counter()

            def done(outcome: Outcome) -> None:
                latencies.append(time.perf_counter() - begun)
                if len(latencies) <= REQUESTS - window:
                    order()
                elif len(latencies) == REQUESTS:
                    witness.note("all")

            link.send(*r.answer("nobody"), on_done=done)

        began, cpu = time.perf_counter(), time.process_time()
        for _ in range(window):
            order()
        await witness.until(lambda seen: "all" in seen)
        wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    latencies.sort()
    p50, p99 = latencies[REQUESTS // 2] * 1e6, latencies[REQUESTS * 99 // 100] * 1e6
    print(
        f"\nwindow {window}: p50 {p50:.0f} µs, p99 {p99:.0f} µs, {REQUESTS / wall:.0f}/s,"
        f" our CPU {cpu / REQUESTS * 1e6:.0f} µs a request"
    )
    assert len(latencies) == REQUESTS


async def test_decoding_an_event(tmp_path: Path) -> None:
    witness, counters = Witness(), Counters()
    async with asterisk(tmp_path) as switch, linked(switch, witness) as link:
        await link.request(*r.originate("leg", "Local/s@phone", "vorzimmer", args="", limit=5, variables={}))
        await witness.until(lambda seen: any(isinstance(event, StasisStart) for event in seen))
    event = next(event for event in witness.seen if isinstance(event, AnyEvent))
    data = msgspec.json.encode(event)
    began = time.process_time()
    for _ in range(DECODES):
        decode(data, counters)
    each = (time.process_time() - began) / DECODES * 1e6
    print(f"\n{type(event).__name__} of {len(data)} bytes: {each:.1f} µs CPU each")
    assert counters == Counters()
