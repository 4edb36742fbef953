"""One Asterisk of our own: configured, started, taken over, reloaded, watched, stopped.

Rule of this file: Asterisk outlives the engine. It runs in a session of its own; whoever comes next finds it
by its pid file and goes on with it, calls and all.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import resource
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from engine.ports import Phone, Trunk
from pbx.runtime.identity import Identity, identity
from pbx.runtime.install import default_music, installation
from pbx.runtime.net import SafetyNet, needed
from pbx.runtime.places import Installation
from pbx.runtime.ports import check_ports
from pbx.runtime.process import Process
from pbx.runtime.render import render, write
from pbx.runtime.settings import SwitchSettings
from pbx.runtime.sounds import convert

START_LIMIT = 60.0
"""Seconds until a started Asterisk must be ready."""
STOP_PATIENCE = 8.0
"""Seconds that Asterisk has to hang up and end by itself."""
FIXED = ("asterisk", "modules", "http", "ari", "manager", "rtp", "stasis", "udptl", "pjsip_transports")
"""Files that a running Asterisk does not read again."""
_WRITTEN = ("lib", "log", "run", "spool")
_COMMAND_LIMIT = 20.0
_RELOADED = ("res_pjsip.so", "res_pjsip_outbound_registration.so", "res_musiconhold.so", "pbx_config.so")
_MOST_FILES = 65536
"""Open files that Asterisk may have; a call in conversation needs about twelve."""


class SwitchProblem(RuntimeError):
    """Asterisk does not do what it must; the text says what and how to mend it."""


class Asterisk:
    """The switch of one home. One engine at a time uses it."""

    def __init__(self, settings: SwitchSettings, installed: Installation, music: Path) -> None:
        self.settings = settings
        self.installed = installed
        self.default_music = music
        """The directory of the music that comes with it."""
        self._music: Mapping[str, Path] = {}
        self._process: Process | None = None
        self._net = SafetyNet(settings)
        self._identity = Identity(os.geteuid(), os.getegid())

    @classmethod
    async def prepare(cls, settings: SwitchSettings) -> Asterisk:
        """The switch, fetched first where needed (minutes, with progress on stderr).

        Raises NoAsterisk, FetchError or BadSound, each with one line for the administrator.
        """
        installed = await asyncio.to_thread(installation, settings.mode)
        return cls(settings, installed, await asyncio.to_thread(default_music, installed))

    @property
    def runs_as_root(self) -> bool:
        """Whether this machine leaves no choice but root; known once it has started."""
        return self._identity.is_root

    async def start(self, trunks: Iterable[Trunk], phones: Iterable[Phone]) -> bool:
        """Start Asterisk, or take over the one that runs (then True); wait until it takes calls.

        Raises BadSetting (a value that cannot be, a port that is taken), BadSound or SwitchProblem (it does not start).
        What callers hear is looked at by the first start only: later ones must not fail for a file laid since then.
        """
        try:
            return await self._start(trunks, phones)
        finally:
            self._net.let_go()

    async def _start(self, trunks: Iterable[Trunk], phones: Iterable[Phone]) -> bool:
        self._make_directories()
        with self._sole_starter():
            if not self._music:
                await self._take_sounds()
            self._net.listen()
            files = render(self.settings, self.installed, self._music, trunks, phones, self._net.port)
            running = self.running()
            if taken_over := running is not None:
                self._refuse_other_settings(files)
                self._write(files)
            else:
                check_ports(self.settings)
                self._write(files)
                running = self._spawn()
            if self._process is not None:
                self._process.close()
            self._process = running
            await self._wait_until_ready(stop_if_not=not taken_over)
        if taken_over:
            await self._reload_modules()
        await self._net.run(self._identity.command, running.pid)
        return taken_over

    async def reload(self, trunks: Iterable[Trunk], phones: Iterable[Phone]) -> None:
        """Make changed trunks, phones, announcements and music known; calls go on.

        Raises BadSetting or BadSound, and nothing has changed then, or SwitchProblem.
        """
        await self._take_sounds()
        self._write(render(self.settings, self.installed, self._music, trunks, phones, self._net.port))
        await self._reload_modules()

    async def ended(self) -> None:
        """Wait until Asterisk has ended, for whatever reason."""
        if self._process is not None:
            await self._process.ended()

    async def stop(self) -> None:
        """End Asterisk, whoever started it; nothing happens if none of this home runs."""
        process = self.running()
        if process is not None:
            await process.stop(STOP_PATIENCE)
            process.close()
        self._pid_file.unlink(missing_ok=True)
        await self._net.stop()

    def running(self) -> Process | None:
        """The Asterisk of this home, if it runs."""
        return Process.find(self._pid_file, str(self._conf))

    async def command(self, text: str) -> str:
        """What Asterisk's command line answers to `text`. Raises SwitchProblem if it does not answer."""
        child = await asyncio.create_subprocess_exec(
            *self._client, "-rx", text,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            async with asyncio.timeout(_COMMAND_LIMIT):
                said, _ = await child.communicate()
        except TimeoutError:
            child.kill()
            await child.wait()
            raise SwitchProblem(f"Asterisk does not answer '{text}': see {self.settings.log}") from None
        if child.returncode:
            raise SwitchProblem(f"Asterisk does not take '{text}': {said.decode(errors='replace').strip()}")
        return said.decode(errors="replace")

    def console(self) -> NoReturn:
        """Become Asterisk's own console (`asterisk -r`)."""
        os.execv(self._client[0], [*self._client, "-rvvv"])

    @property
    def _conf(self) -> Path:
        return self.settings.etc / "asterisk.conf"

    @property
    def _client(self) -> list[str]:
        return [*self.installed.command, "-C", str(self._conf)]

    @property
    def _console_log(self) -> Path:
        return self.settings.root / "console.log"

    @property
    def _pid_file(self) -> Path:
        return self.settings.root / "pid"

    def _make_directories(self) -> None:
        """Asterisk writes in four of them; the others are ours, so that it cannot lead us astray by links."""
        root = self.settings.root
        mode = 0o711 if os.geteuid() == 0 else 0o700
        ours = (self.settings.etc, self.settings.snapshot.parent)
        for directory in (root, *ours, *(root / name for name in _WRITTEN)):
            directory.mkdir(mode=mode, parents=True, exist_ok=True)
        reached = [root, self.installed.data, self.installed.modules, self.default_music, *needed()]
        self._identity = identity(self.settings.user, reached)
        for name in _WRITTEN:
            (root / name).chmod(0o700)
            self._give(root / name)
        if self.settings.snapshot.exists():
            self._give(self.settings.snapshot)

    async def _take_sounds(self) -> None:
        self._music = await asyncio.to_thread(convert, self.settings, self.default_music)

    def _write(self, files: dict[str, str]) -> None:
        write(self.settings, files)
        for name in files:
            self._give(self.settings.etc / name)

    def _give(self, path: Path) -> None:
        if os.geteuid() == 0:
            os.chown(path, self._identity.uid, self._identity.gid)

    @contextmanager
    def _sole_starter(self) -> Iterator[None]:
        with (self.settings.root / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise SwitchProblem(f"{self.settings.root}: another start is under way, wait for it") from None
            yield

    def _refuse_other_settings(self, files: dict[str, str]) -> None:
        for name in (f"{name}.conf" for name in FIXED):
            path = self.settings.etc / name
            if not path.exists() or path.read_text("utf-8") != files[name]:
                raise SwitchProblem(
                    f"an Asterisk with other settings ({name}) is running: end it with `vorzimmer pbx stop`"
                )

    def _spawn(self) -> Process:
        command = [*self._identity.command, *self._client, "-f"]
        # It begins in a directory that its own account may read: from there it finds the pages of faxes (`fax_files`).
        here = self.settings.root / "spool"
        with self._console_log.open("wb") as output, _many_files():
            child = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=here, umask=0o077,
                start_new_session=True, env=_environment(),
            )  # fmt: skip
        self._pid_file.write_text(str(child.pid), "ascii")
        child.returncode = 0  # Process reaps it
        return Process(child.pid, os.pidfd_open(child.pid))

    async def _wait_until_ready(self, *, stop_if_not: bool) -> None:
        ready = asyncio.ensure_future(self._ready())
        ended = asyncio.ensure_future(self.ended())
        try:
            await asyncio.wait({ready, ended}, timeout=START_LIMIT, return_when=asyncio.FIRST_COMPLETED)
            if ready.done():
                return ready.result()
            what = "has ended while starting" if ended.done() else f"is not ready after {START_LIMIT:.0f} s"
            if stop_if_not:
                await self.stop()
            raise SwitchProblem(f"Asterisk {what}: {self._last_error()} (see {self.settings.log})")
        finally:
            ready.cancel()
            ended.cancel()

    async def _ready(self) -> None:
        while True:
            socket_is_there = self.settings.control_socket.exists()
            if socket_is_there and "fully booted" in await self._try("core waitfullybooted"):
                return
            await asyncio.sleep(0.02)

    async def _try(self, text: str) -> str:
        try:
            return await self.command(text)
        except SwitchProblem:
            return ""

    async def _reload_modules(self) -> None:
        for module in _RELOADED:
            await self.command(f"module reload {module}")

    def _last_error(self) -> str:
        lines: list[str] = []
        for path in (self._console_log, self.settings.log):
            if path.exists():
                lines += path.read_text("utf-8", errors="replace").splitlines()
        errors = [line for line in lines if " ERROR[" in line]
        return (errors or lines or ["no word why"])[-1]


@contextmanager
def _many_files() -> Iterator[None]:
    """A child started now may have as many open files as the machine allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("TZ", "LANG") if name in os.environ}
    return {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"} | kept
