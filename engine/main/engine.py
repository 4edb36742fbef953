"""The running engine: everything put together, started in order, stopped in order.

Rule of this file: composition only. The order matters: what can be refused (a setting, a port, the store) is tried
before anything is fetched or started, and on the way out every call gets its record before the store is closed.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy.exc import DBAPIError

from engine.acd.agents import AcdSettings
from engine.call import events as e
from engine.call.state import State
from engine.main import ways_out
from engine.main.holding import ask_who_holds
from engine.main.snapshots import Snapshots
from engine.main.switch import SwitchProcess
from engine.main.switch_settings import announced_from
from engine.main.watching import Watching
from engine.ports import AgentProfile, Agents, Phone, Switch, Trunk
from engine.ports.fax import FaxId, Unanswered
from engine.service import overview
from engine.service.admission import Admission
from engine.service.announcements import Announcements
from engine.service.clock import SteadyClock
from engine.service.exchange import Exchange
from engine.service.legs_out import LegsOut
from engine.service.listening_in import ListeningIn
from engine.service.outbound import Outbound
from engine.settings import Settings
from engine.store.database import StoreError
from engine.store.journal import StoredJournal
from engine.store.journal_file import Kept
from engine.store.journal_lines import Closed
from engine.terms import CallId, HangupCause, LegId
from pbx import decode
from pbx.ari import AriLink
from pbx.ari import model as m
from pbx.ari import requests as r
from pbx.perform import Performer
from pbx.perform_listening import ListeningPerformer
from pbx.reconcile import empty_bridges, left_listening, missed, netted, orphans
from pbx.timers import LoopTimers

if TYPE_CHECKING:
    from engine.notify.fax import FaxCourier
    from engine.service.referring import Referring
    from engine.service.transfers import Transfers

log = structlog.get_logger()
ENGINE = "ENGINE"
"""The dialplan's global variable by which callers in the safety net see that an engine is there again."""
ENTRY_SECONDS = 1.5
"""How long the line waits for callers from the safety net, who look every 0.25 s, before anybody is served."""
GOODBYE_SECONDS = 3.0
"""How long calls may take to end when the engine is stopped."""


@dataclass
class Engine:
    """One engine with its switch. `journal` is what the calls are written to."""

    settings: Settings
    agents: Agents
    journal: StoredJournal
    admission: Admission
    clock: SteadyClock = field(default_factory=SteadyClock)
    timers: LoopTimers = field(default_factory=LoopTimers)
    process: SwitchProcess | None = None
    link: AriLink | None = None
    kept: Kept = field(default_factory=Kept)
    """What an engine before this one has left."""
    announcements: Announcements | None = None
    """Customers' own; None in an engine without a web."""
    outbound: Outbound | None = None
    """The limits of calls out; None in an engine that puts nobody through."""
    transfers: Transfers | None = None
    """To whom callers can be put through; None until the web is loaded."""
    referring: Referring | None = None
    """What phones that want it are told; None as above: they are refused."""
    fax_over: Callable[[FaxId, Unanswered], None] = lambda _fax, _how: None
    """Is told of faxes that have ended."""
    fax: FaxCourier | None = None
    """Sends faxes; None where they are not set up, and until the outbox is loaded."""

    def __post_init__(self) -> None:
        settings = self.settings
        acd = AcdSettings(settings.wrap_up, settings.no_answer_delay, settings.reject_delay, settings.auto_pause_after)
        self.performer = Performer(announced_from(settings), self._tell)
        self.legs_out = LegsOut(self.performer, self.outbound) if self.outbound else None
        switch: Switch = self.legs_out or self.performer
        self.exchange = Exchange(
            switch, self.timers, self.journal, self.clock, acd, self.admission.admit, settings.trunk_rate
        )
        self.snapshots = Snapshots()
        self.timers.fired = self.exchange.timer_fired
        self.listening = self._listening_in()
        self._synchronised = asyncio.Event()
        self._reloading = asyncio.Lock()
        self.watching = Watching(settings, self.exchange, self.journal, lambda: self.link, lambda: self.ready)
        if self.legs_out and self.outbound:
            self.legs_out.tell = self.exchange.tell
            ways_out.connect(self.outbound, self.exchange, self.watching)
        self.admission.looked_up = self.exchange.figures.look_up.observe
        self._entering: asyncio.Task[None] | None = None
        self._referring: set[asyncio.Task[None]] = set()

    def _listening_in(self) -> ListeningIn:
        timers, switch = LoopTimers(), ListeningPerformer(self.performer)
        made = ListeningIn(self.exchange, switch, timers, self.clock, self.settings, lambda: self.ready)
        timers.fired, switch.tell = made.timer_fired, made.tell
        return made

    @property
    def ready(self) -> bool:
        """Whether calls can be taken."""
        return self._synchronised.is_set()

    async def wait_until_ready(self) -> None:
        """Wait until calls can be taken."""
        await self._synchronised.wait()

    def facts(self) -> dict[str, Any]:
        """Where everything is, for `vorzimmer status`."""
        return {
            "ready": self.ready,
            "pid": os.getpid(),
            "home": str(self.settings.home),
            "sip": f"{self.settings.sip_host}:{self.settings.sip_port}",
            "web": self.settings.web_own_url,
            "switch": self.process.description if self.process else "external",
            **overview.health(self.exchange, self.watching.around(), self.watching.alarms.on),
        }

    async def reload(self) -> str:
        """Take over changed agents, phones and trunks. Customers need none: they are read at every call.

        One after the other, so that what was stored last stands at the end. Raises what the switch has against it;
        everything else is taken over all the same.
        """
        async with self._reloading:
            trunks, phones, profiles = await self._stored()
            try:
                if self.process:
                    await self.process.reload(trunks, phones)
            finally:
                self._trunks(trunks)
                self.exchange.staff(profiles)
                self.watching.look_again()
                await self.lay_out()
                self.snapshots.take_soon()
            return f"{len(profiles)} agents"

    def _trunks(self, trunks: Sequence[Trunk]) -> None:
        self.exchange.gate.trunks(trunks)
        if self.outbound:
            self.outbound.trunks(trunks)

    async def _stored(self) -> tuple[Sequence[Trunk], Sequence[Phone], Sequence[AgentProfile]]:
        return await self.agents.trunks(), await self.agents.phones(), await self.agents.profiles()

    async def lay_out(self) -> None:
        """Let the switch have customers' own announcements. What cannot be is told, and stays for the next time."""
        try:
            if self.announcements:
                await self.announcements.lay_out()
        except (StoreError, DBAPIError, OSError) as problem:
            said = str(problem).splitlines()[0]
            log.error("announcements_not_laid_out", problem=said, mend="then `vorzimmer reload`")

    def _tell(self, call: CallId, event: e.Event) -> None:
        if self.legs_out:
            self.legs_out.heard(event)
        self.exchange.tell(call, event)
        if self.listening.live:
            self.listening.look()
        if isinstance(event, e.ReferAsked):
            self._refer(call, event)

    def _refer(self, call: CallId, event: e.ReferAsked) -> None:
        """In a task: what the store says is waited for by nobody."""
        if self.referring is None:
            return self._tell(call, e.ReferRefused(event.leg, "just started"))
        task = asyncio.create_task(self.referring.asked(call, event))
        self._referring.add(task)
        task.add_done_callback(self._referring.discard)

    def _heard(self, event: m.AnyEvent) -> None:
        told = decode.decode(event)
        if isinstance(told, tuple):
            self._tell(*told)
        elif isinstance(told, e.Offered):
            self.exchange.offered(told)
        elif isinstance(told, decode.Hold):
            self.listening.holds(told.call, told.channel, told.begins)
            if told.begins and told.channel != told.call:
                self._tell(told.call, e.AgentHolds(LegId(told.channel)))
        elif isinstance(told, decode.FaxOver):
            self.fax_over(told.fax, told.how)
        elif told:
            self.listening.tell(told.listening, told.event)

    async def _up(self, link: AriLink) -> None:
        """Ask the switch what was missed, then serve."""
        self.performer.link = link
        channels: list[m.Channel] = (await link.get("/channels")).body(list[m.Channel])
        bridges: list[m.Bridge] = (await link.get("/bridges")).body(list[m.Bridge])
        calls = list(self.exchange.calls.values())
        for channel in orphans(channels, calls, self.exchange.is_over):
            link.send(*r.hang_up(channel, HangupCause.NORMAL if decode.leg_of(channel) else HangupCause.CONGESTION))
        left = left_listening(channels)
        for channel in left:
            link.send(*r.hang_up(channel, HangupCause.NORMAL))
        for bridge in empty_bridges(bridges, self.exchange.calls):
            link.send(*r.delete_bridge(bridge))
        for told in missed(channels, bridges, calls):
            if isinstance(told, e.Offered):
                self.exchange.offered(told)
            else:
                self._tell(*told)
        for call in set(left.values()):
            self.listening.left_behind(call)
        if self.settings.listening_in:
            ask_who_holds(link, self.exchange, self.listening)
        link.send(*r.set_global(ENGINE, uuid.uuid4().hex))
        self._synchronised.set()
        self.exchange.switch_back(hold=True)
        arriving = [call.id for call in self.exchange.calls.values() if call.state is State.ARRIVING]
        self._entering = asyncio.create_task(self._let_in([*arriving, *netted(channels)]))

    async def wait_until_served(self) -> None:
        """Wait until those who came out of the safety net have taken their places; not at all without a link."""
        if self._entering:
            await self._entering

    async def _let_in(self, callers: Collection[CallId]) -> None:
        """Wait for look-ups, and for those who come out of the safety net, so that nobody is overtaken; then serve."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ENTRY_SECONDS):
                while not all(map(self.exchange.has_placed, callers)):  # noqa: ASYNC110 - nobody tells
                    await asyncio.sleep(0.01)
        self.exchange.serve()

    def _down(self) -> None:
        if self._entering:
            self._entering.cancel()
        self._synchronised.clear()
        self.listening.switch_lost()
        self.exchange.switch_lost()

    def switch_died(self) -> None:
        """The switch has ended, and with it every channel."""
        self.listening.switch_lost()
        self.exchange.switch_died()

    async def run(self, url: str, user: str, password: str) -> None:
        """Serve until cancelled."""
        self._trunks(await self.agents.trunks())
        self.exchange.staff(await self.agents.profiles())
        kept, self.kept = self.kept, Kept()  # read once: it may be large
        self.exchange.are_over(entry.record.id for entry in kept.entries if isinstance(entry, Closed))
        self.exchange.resume(kept.calls.values(), kept.agents.values(), kept.alive_at)
        if self.legs_out:
            self.legs_out.resumes(self.exchange.calls.values())
        await self.admission.warm_up()
        self.link = AriLink(url, user, password, decode.APP, self._heard, self._up, self._down)
        self.performer.link = self.link
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.admission.run(self._tell), name="admission")
            tasks.create_task(self.link.run(), name="ari")

    async def say_goodbye(self) -> None:
        """End every call and give it its record, also where the switch says nothing any more."""
        self.listening.end_all()
        self.exchange.switch_lost()  # an agent who gets free now is not rung for the next in the line
        for call in list(self.exchange.calls.values()):
            # Who was not answered gets 503: the carrier may try another way. "Normal" would be 603, a refusal for good.
            cause = HangupCause.NORMAL if call.answered_at else HangupCause.CONGESTION
            if self.link:
                self.link.send(*r.hang_up(call.id, cause))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_SECONDS):
                while self.exchange.calls or self.listening.live:  # noqa: ASYNC110 - they tell nobody when they are empty
                    await asyncio.sleep(0.02)
        self.listening.switch_lost()
        for left in list(self.exchange.calls.values()):
            self.exchange.tell(left.id, e.CallerGone(HangupCause.UNKNOWN))
            if left.leg:
                self.exchange.tell(left.id, e.LegEnded(left.leg, HangupCause.TEMPORARY_FAILURE))
