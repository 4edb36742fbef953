"""A fax machine that can be called: a second Asterisk that receives, and ours with an engine's hand on it.

Rule of this file: the machine knows nothing of the project. What becomes of a call stands in its dialplan, by number.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.ports import Trunk
from engine.service.faxes import Faxes
from engine.service.outbound import Dialling, Outbound
from engine.terms import E164
from engine.transfer import ways
from engine.transfer.limits import Allowance
from pbx import decode
from pbx.ari import AriLink
from pbx.ari import model as m
from pbx.fax_files import FaxFiles
from pbx.perform_fax import FaxPerformer
from pbx.runtime.asterisk import Asterisk
from pbx.runtime.install import installation
from pbx.runtime.secret_files import ARI_USER, ari_password
from pbx.runtime.settings import Mode, SwitchSettings
from tests.catalogue import CLASSES
from tests.notify.parcels import StandingClock
from tests.ports import free_port
from tests.stories.installation import eventually

T38, AUDIO, BUSY, RINGS, PERSON, NOBODY = (E164(f"+4930231251{n}") for n in range(10, 16))
OURS = E164("+4930123450")
HOST = "127.0.0.19"
_MODULES = (
    "res_timing_timerfd", "res_sorcery_config", "res_sorcery_memory", "res_sorcery_astdb", "res_statsd",
    "res_geolocation", "res_pjproject", "res_pjsip", "res_pjsip_session", "res_pjsip_pubsub", "res_pjsip_t38",
    "res_pjsip_endpoint_identifier_ip", "res_pjsip_sdp_rtp", "res_pjsip_caller_id", "res_rtp_asterisk", "chan_pjsip",
    "bridge_simple", "codec_alaw", "codec_ulaw", "format_pcm", "res_fax", "res_fax_spandsp", "pbx_config",
    "func_channel",
)  # fmt: skip
_FILES = {
    "asterisk.conf": """[directories]
astetcdir = {home}
astmoddir = {modules}
astdatadir = {data}
astvarlibdir = {home}
astdbdir = {home}
astkeydir = {home}
astagidir = {home}
astspooldir = {home}
astrundir = {home}
astlogdir = {home}
astsbindir = {home}
[options]
nocolor = yes
""",
    "modules.conf": "[modules]\nautoload = no\n" + "".join(f"load = {name}.so\n" for name in _MODULES),
    "logger.conf": "[logfiles]\nmessages.log => notice,warning,error\n",
    "rtp.conf": "[general]\nrtpstart = 26000\nrtpend = 26499\n",
    "udptl.conf": "[general]\nudptlstart = 26500\nudptlend = 26999\n",
    "pjsip.conf": """[transport]
type = transport
protocol = udp
bind = {host}:{port}
[caller]
type = endpoint
context = called
allow = !all,alaw
direct_media = no
t38_udptl = yes
t38_udptl_ec = redundancy
[caller]
type = identify
endpoint = caller
match = 127.0.0.0/8
""",
    "extensions.conf": """[called]
exten = {t38},1,Set(FAXOPT(localstationid)=+49 30 23125110)
 same = n,ReceiveFAX({home}/t38.tif)
exten = {audio},1,ReceiveFAX({home}/audio.tif,F)
exten = {busy},1,Hangup(17)
exten = {rings},1,Ringing()
 same = n,Wait(60)
exten = {person},1,Answer()
 same = n,Wait(2)
 same = n,Hangup()
""",
}


@dataclass(frozen=True)
class Machine:
    """What others have for fax machines."""

    home: Path
    port: int
    command: tuple[str, ...]

    async def says(self, text: str) -> str:
        """What its own command line answers; empty as long as there is none."""
        asked = await asyncio.create_subprocess_exec(
            *self.command, "-rx", text, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        return (await asked.communicate())[0].decode()

    async def calls(self) -> int:
        """How many have called since it was started."""
        found = re.search(r"(\d+) calls? processed", await self.says("core show channels count"))
        assert found
        return int(found[1])

    @property
    def uri(self) -> str:
        """Where it is called."""
        return f"sip:{HOST}:{self.port}"

    def received(self, name: str) -> Path:
        """What came by `t38` or `audio`."""
        return self.home / f"{name}.tif"


@asynccontextmanager
async def machine(home: Path) -> AsyncIterator[Machine]:
    """A machine that takes calls, at a free port."""
    installed = await asyncio.to_thread(installation, Mode.AUTO)
    numbers = {"t38": T38, "audio": AUDIO, "busy": BUSY, "rings": RINGS, "person": PERSON}
    found = Machine(home, free_port(HOST), (*installed.command, "-C", str(home / "asterisk.conf")))
    values = {"home": home, "modules": installed.modules, "data": installed.data, "host": HOST, "port": found.port}
    for name, text in _FILES.items():
        (home / name).write_text(text.format(**values, **numbers), "utf-8")
    with (home / "console.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *found.command, "-f", stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:

        async def is_ready() -> bool:
            assert process.returncode is None, (home / "console.log").read_text("utf-8")
            return "fully booted" in await found.says("core waitfullybooted")

        await eventually(is_ready, "the machine takes calls", 30, every=0.2)
        yield found
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


@dataclass
class Sending:
    """Our side: an engine's link to our switch, and the faxes that it sends there."""

    asterisk: Asterisk
    faxes: Faxes
    outbound: Outbound
    performer: FaxPerformer
    files: FaxFiles


def trunk(machine: Machine) -> Trunk:
    """The carrier that reaches the machine."""
    return Trunk("carrier", ("127.0.0.18",), outbound=ways.Outbound(1, machine.uri, check=False))


async def is_nobodys(_: E164) -> bool:
    """No number is ours."""
    return False


@asynccontextmanager
async def sending(asterisk: Asterisk, machine: Machine) -> AsyncIterator[Sending]:
    """What an engine has of it; leaving the context is its death."""
    settings: SwitchSettings = asterisk.settings
    outbound = Outbound(lambda: Dialling(CLASSES), StandingClock().now, Allowance(10, 60))
    outbound.trunks([trunk(machine)])
    up, links = asyncio.Event(), list[AriLink]()
    files = FaxFiles(settings)
    performer = FaxPerformer(lambda: links[0], files)

    def heard(event: m.AnyEvent) -> None:
        told = decode.decode(event)
        assert isinstance(told, decode.FaxOver | None), f"a fax was taken for something else: {told}"
        if told:
            performer.over(told.fax, told.how)

    async def is_up(_: AriLink) -> None:
        up.set()

    links.append(
        AriLink(settings.ari_url, ARI_USER, ari_password(settings.home), decode.APP, heard, is_up, lambda: None)
    )
    task = asyncio.create_task(links[0].run())
    try:
        async with asyncio.timeout(10):
            await up.wait()
        yield Sending(asterisk, Faxes(performer, outbound, is_nobodys, OURS, "Vorzimmer"), outbound, performer, files)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
