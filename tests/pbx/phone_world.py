"""An Asterisk for the phone's own tests: its dialplan is a carrier's trunk and three agents' phones."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pbx.phone import Phone
from pbx.phone.messages import Peer
from pbx.runtime.install import installation
from pbx.runtime.places import Installation
from pbx.runtime.settings import Mode

MODULES = (
    "res_timing_timerfd", "res_sorcery_config", "res_sorcery_memory", "res_sorcery_astdb", "res_statsd",
    "res_geolocation", "res_pjproject", "res_http_websocket", "res_websocket_client", "res_speech",
    "res_pjsip", "res_pjsip_session", "res_pjsip_pubsub", "res_pjsip_acl",
    "res_pjsip_authenticator_digest", "res_pjsip_outbound_authenticator_digest",
    "res_pjsip_endpoint_identifier_user", "res_pjsip_endpoint_identifier_ip", "res_pjsip_registrar",
    "res_pjsip_nat", "res_pjsip_caller_id", "res_pjsip_rfc3326", "res_pjsip_sdp_rtp", "res_srtp",
    "res_rtp_asterisk", "chan_pjsip", "bridge_simple", "codec_alaw", "codec_ulaw", "codec_a_mu",
    "res_indications", "bridge_native_rtp", "app_playtones", "app_dial", "app_echo", "pbx_config",
)  # fmt: skip
FILES = {
    "modules.conf": "[modules]\nautoload = no\n" + "".join(f"load = {name}.so\n" for name in MODULES),
    "logger.conf": "[logfiles]\nmessages = notice,warning,error\n",
    "rtp.conf": "[general]\nrtpstart = 28000\nrtpend = 28999\n",
    "indications.conf": "[general]\ncountry = de\n[de]\nringcadence = 1000,4000\n",
    "extensions.conf": """
[carrier]
exten => early,1,Progress()
 same => n,Playtones(425/1000)
 same => n,Wait(20)
exten => ring,1,Ringing()
 same => n,Wait(20)
exten => busy,1,Hangup(17)
exten => echo,1,Answer()
 same => n,Echo()
exten => brief,1,Answer()
 same => n,Wait(0.2)
 same => n,Hangup(16)
exten => +49302,1,Progress()
 same => n,Playtones(425/1000)
 same => n,Wait(0.5)
 same => n,Dial(PJSIP/agent1,20)
exten => _+X.,1,Dial(PJSIP/agent1,20)
[agents]
exten => direct,1,Dial(PJSIP/agent3,20)
exten => brief,1,Answer()
 same => n,Wait(0.2)
""",
    "pjsip.conf": """
[global]
type = global
endpoint_identifier_order = auth_username,username,ip
[udp]
type = transport
protocol = udp
bind = 127.0.0.1:{port}
[phone](!)
type = endpoint
context = agents
allow = !all,alaw
direct_media = no
send_pai = yes
[login](!)
type = auth
auth_type = digest
[agent1](phone)
auth = agent1
aors = agent1
[agent1](login)
username = agent1
password = s3cret-Phone
[agent1]
type = aor
max_contacts = 1
[agent2](phone)
allow = !all,ulaw
auth = agent2
aors = agent2
[agent2](login)
username = agent2
password = s3cret-Phone
supported_algorithms_uas = SHA-256,MD5
[agent2]
type = aor
max_contacts = 1
[agent3](phone)
direct_media = yes
auth = agent3
aors = agent3
[agent3](login)
username = agent3
password = s3cret-Phone
[agent3]
type = aor
max_contacts = 1
[carrier](phone)
context = carrier
100rel = peer_supported
identify_by = ip
[carrier]
type = identify
endpoint = carrier
match = 127.0.0.1
""",
}
PASSWORD = "s3cret-Phone"
DIRECTORIES = (
    "astvarlibdir",
    "astdbdir",
    "astkeydir",
    "astagidir",
    "astspooldir",
    "astrundir",
    "astlogdir",
    "astsbindir",
)
START_LIMIT = 30.0


def configure(etc: Path, installed: Installation, port: int) -> None:
    """Write an Asterisk's configuration: everything it writes itself stays below `etc`."""
    directories = {name: etc for name in DIRECTORIES}
    directories |= {"astetcdir": etc, "astmoddir": installed.modules, "astdatadir": installed.data}
    lines = [f"{name} = {place}\n" for name, place in directories.items()]
    (etc / "asterisk.conf").write_text("[directories]\n" + "".join(lines))
    for name, text in FILES.items():
        (etc / name).write_text(text.replace("{port}", str(port)))


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def takes_calls(server: Peer) -> None:
    """Wait until Asterisk takes calls: it then refuses this one, which is sent again and again until then."""
    async with Phone() as probe:
        call = await probe.dial("nobody", server)
        assert (await call.over(within=START_LIMIT)).by == "them"


@asynccontextmanager
async def phone_switch(etc: Path) -> AsyncIterator[Peer]:
    """An Asterisk that keeps everything in `etc` and takes calls; its address."""
    installed, port = await asyncio.to_thread(installation, Mode.AUTO), free_port()
    configure(etc, installed, port)
    asterisk = await asyncio.create_subprocess_exec(
        *installed.command, "-C", str(etc / "asterisk.conf"), "-f", stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await takes_calls(("127.0.0.1", port))
        yield "127.0.0.1", port
    finally:
        asterisk.kill()
        await asterisk.wait()
