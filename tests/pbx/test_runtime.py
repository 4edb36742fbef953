"""Our own Asterisk, as it comes: starts, answers its owner alone, is found again, stops, leaves nothing."""

import asyncio
import os
import signal
import socket
import stat
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from pbx.runtime.asterisk import Asterisk, SwitchProblem
from pbx.runtime.process import Process
from pbx.runtime.secret_files import ARI_USER, ari_password
from pbx.runtime.settings import BadSetting
from tests.pbx.runtime_world import AGENT1, AGENT2, CARRIER, LIMIT, running, settings_for

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def asterisk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Asterisk]:
    """An Asterisk as it comes, with a carrier and three phones."""
    async with running(settings_for(tmp_path_factory.mktemp("home"))) as asterisk:
        yield asterisk


def complaints(asterisk: Asterisk) -> list[str]:
    lines = asterisk.settings.log.read_text("utf-8").splitlines()
    return [line for line in lines if " ERROR[" in line or " WARNING[" in line]


def status(pid: int) -> dict[str, str]:
    """What the kernel says of a process (proc_pid_status(5)); nothing if there is none."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    except OSError:
        return {}
    return dict(line.split(":\t", 1) for line in lines if ":\t" in line)


async def system_name(asterisk: Asterisk) -> str:
    lines = (await asterisk.command("core show settings")).splitlines()
    return next(line.split()[-1] for line in lines if "System name:" in line)


async def test_starts_without_a_complaint(asterisk: Asterisk) -> None:
    assert complaints(asterisk) == []
    assert "1 modules loaded" in await asterisk.command("module show like chan_pjsip.so")


async def test_ari_answers_its_one_user_only(asterisk: Asterisk) -> None:
    url = f"{asterisk.settings.ari_url}/asterisk/info?only=config"
    password = ari_password(asterisk.settings.home)
    accounts = [None, (ARI_USER, "wrong"), ("admin", password), (ARI_USER, password)]
    async with aiohttp.ClientSession() as session:
        codes = []
        for account in accounts:
            headers = {"Origin": "http://evil.example"}
            if account:
                headers["Authorization"] = aiohttp.encode_basic_auth(*account)
            async with session.get(url, headers=headers) as answer:
                codes.append((answer.status, answer.headers.get("Access-Control-Allow-Origin")))
    assert codes == [(401, None), (401, None), (401, None), (200, None)]


def listening(port: int) -> list[str]:
    """The addresses, as the kernel writes them, where something listens on this TCP port (proc_net(5))."""
    lines = [line for table in Path("/proc/net").glob("tcp*") for line in table.read_text("ascii").splitlines()]
    places = [line.split()[1].split(":") for line in lines if line.split()[3] == "0A"]
    return [address for address, number in places if int(number, 16) == port]


async def test_http_and_the_managers_interface_listen_on_loopback_only(asterisk: Asterisk) -> None:
    loopback = f"{int.from_bytes(socket.inet_aton('127.0.0.1'), sys.byteorder):08X}"
    assert listening(asterisk.settings.ari_port) == [loopback]
    assert listening(asterisk.settings.ami_port) == [loopback]


async def test_does_not_run_as_root(asterisk: Asterisk) -> None:
    process = asterisk.running()
    assert process is not None
    fields = status(process.pid)
    process.close()
    may_only_read = {"0" * 16, f"{1 << 2:016x}"}  # CAP_DAC_READ_SEARCH, capabilities(7)
    assert "0" not in fields["Uid"].split()
    assert {fields["CapEff"], fields["CapBnd"]} <= may_only_read or os.geteuid() != 0


async def test_secrets_are_for_their_owner_only(asterisk: Asterisk) -> None:
    home = asterisk.settings.home
    written = [*(home / "secrets").iterdir(), *(home / "asterisk").rglob("*")]
    known = {
        "pid",
        "lock",
        "console.log",
        "net.log",
        "net.pid",
        *(path.name for path in (home / "asterisk" / "sounds").rglob("*")),
    }
    files = [path for path in written if path.is_file() and path.name not in known]
    passwords = {"ari-password", "ami-password", "testcall-password"}
    assert passwords | {"ari.conf", "manager.conf", "pjsip.conf", "messages.log"} <= {path.name for path in files}
    assert [path for path in files if stat.S_IMODE(path.stat().st_mode) != 0o600] == []


async def test_a_second_owner_takes_the_running_one_over(asterisk: Asterisk) -> None:
    before = asterisk.running()
    other = await Asterisk.prepare(asterisk.settings)
    assert await other.start([CARRIER], [AGENT1, AGENT2])
    after = other.running()
    assert before is not None and after is not None
    assert before.pid == after.pid
    before.close()
    after.close()
    endpoints = await other.command("pjsip list endpoints")
    names = [line.split()[1].split("/")[0] for line in endpoints.splitlines() if line.startswith(" Endpoint:  ")]
    assert names[1:] == ["agent1", "agent2", "testcall", "trunk:carrier"]
    assert complaints(asterisk) == []


async def test_other_settings_do_not_meddle_with_a_running_one(asterisk: Asterisk) -> None:
    moved = settings_for(asterisk.settings.home)
    with pytest.raises(SwitchProblem, match=r"other settings \(http.conf\) is running.*`vorzimmer pbx stop`"):
        await (await Asterisk.prepare(moved)).start([], [])


async def test_two_run_side_by_side(asterisk: Asterisk, tmp_path: Path) -> None:
    async with running(settings_for(tmp_path, system_name="other")) as other:
        assert await system_name(other) == "other"
        assert await system_name(asterisk) == "vz"
    assert await system_name(asterisk) == "vz"


@pytest.mark.parametrize(
    ("what", "protocol", "setting"),
    [
        ("sip_port", socket.SOCK_DGRAM, "UDP port {} .* set VORZIMMER_SIP_PORT"),
        ("sip_port", socket.SOCK_STREAM, "TCP port {} .* set VORZIMMER_SIP_PORT"),
        ("ari_port", socket.SOCK_STREAM, "TCP port {} .* set VORZIMMER_ARI_PORT"),
        ("ami_port", socket.SOCK_STREAM, "TCP port {} .* set VORZIMMER_AMI_PORT"),
    ],
)
async def test_a_taken_port_is_named(what: str, protocol: socket.SocketKind, setting: str, tmp_path: Path) -> None:
    with socket.socket(type=protocol) as taken:
        taken.bind(("127.0.0.1", 0))
        if protocol is socket.SOCK_STREAM:
            taken.listen()
        port = taken.getsockname()[1]
        asterisk = await Asterisk.prepare(settings_for(tmp_path, **{what: port}))
        with pytest.raises(BadSetting, match=setting.format(port)):
            await asterisk.start([], [])
    assert asterisk.running() is None


async def test_stop_leaves_no_process_and_a_restart_works(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    async with running(settings) as asterisk:
        process = asterisk.running()
        assert process is not None
    await asyncio.wait_for(process.ended(), LIMIT)
    process.close()
    assert status(process.pid) == {}
    async with running(settings) as again:
        assert "fully booted" in await again.command("core waitfullybooted")


async def test_its_end_is_noticed_and_it_starts_again(tmp_path: Path) -> None:
    async with running(settings_for(tmp_path)) as asterisk:
        process = asterisk.running()
        assert process is not None
        noticed = asyncio.ensure_future(asterisk.ended())
        os.kill(process.pid, signal.SIGKILL)
        await asyncio.wait_for(noticed, LIMIT)
        process.close()
        assert not await asterisk.start([CARRIER], [])


async def test_a_stranger_with_its_pid_is_left_alone(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    asterisk = await Asterisk.prepare(settings)
    settings.root.mkdir(parents=True)
    stranger = await asyncio.create_subprocess_exec("sleep", "60")
    (settings.root / "pid").write_text(str(stranger.pid))
    await asterisk.stop()
    assert stranger.returncode is None
    assert Process.find(settings.root / "pid", "60") is None
    stranger.kill()
    await stranger.wait()


async def test_one_that_cannot_start_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asterisk = await Asterisk.prepare(settings_for(tmp_path))
    nowhere = {"asterisk.conf": "[directories]\nastrundir=/dev/null/no\n"}
    monkeypatch.setattr("pbx.runtime.asterisk.render", lambda *_: nowhere)
    with pytest.raises(SwitchProblem, match="Asterisk has ended while starting: "):
        await asterisk.start([], [])
    assert asterisk.running() is None
