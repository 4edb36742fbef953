"""Asterisk's configuration, rendered from `pbx/conf/*.j2` and the dialplan.

Rule of this file: whatever a template puts out passes `plain`, so that no value can begin a new line, a
section or a comment. The files hold passwords: all are written 0600.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from engine.ports import Phone, Trunk
from engine.ports.phones import RELAY
from pbx.decode import RTP_TIMEOUT
from pbx.monitoring.reading import EVENTS
from pbx.runtime.endpoints import phone_endpoints, trunk_endpoints
from pbx.runtime.places import REFER_SAFE, Installation
from pbx.runtime.secret_files import AMI_USER, ARI_USER, TESTCALL_USER, ami_password, ari_password, testcall_password
from pbx.runtime.settings import AMI_HOST, PROJECT, BadSetting, SwitchSettings
from pbx.runtime.sounds import LANGUAGES
from pbx.safety_net import ANNOUNCED, music_class

TEMPLATES = PROJECT / "pbx" / "conf"
DIALPLAN = PROJECT / "dialplan"
DEFAULTS = ("acl", "ccss", "features", "geolocation", "res_fax", "statsd", "websocket_client")
"""Files that Asterisk wants to see, even empty, or it logs errors."""


def plain(value: object) -> str:
    """`value` as the text it is to Asterisk's parser. Raises BadSetting for control characters."""
    text = str(value)
    if any(ord(letter) < 0x20 or ord(letter) == 0x7F for letter in text):
        raise BadSetting(f"{text!r} holds control characters: take them out")
    return text.replace(";", "\\;")


def render(
    settings: SwitchSettings,
    asterisk: Installation,
    music: Mapping[str, Path],
    trunks: Iterable[Trunk],
    phones: Iterable[Phone],
    net_port: int = 0,
) -> dict[str, str]:
    """Every configuration file by its name. `music`: the directory of each class, in A-law.
    `net_port`: where the safety net's program listens.

    Raises BadSetting for a trunk or phone that Asterisk cannot take.
    """
    environment = _environment()
    values = {
        "settings": settings,
        "sip_bind": f"{_bracketed(settings.sip_host)}:{settings.sip_port}",
        "asterisk": asterisk,
        "music": music,
        "net_port": net_port,
        "rtp_timeout": RTP_TIMEOUT,
        "takes_refer": _takes_refer(settings, asterisk),
        "announced": _announced(settings),
        "trunks": trunk_endpoints(trunks),
        "phones": phone_endpoints(phones),
        "relay": RELAY,
        "ari": {"user": ARI_USER, "password": ari_password(settings.home)},
        "ami": {"user": AMI_USER, "password": ami_password(settings.home), "host": AMI_HOST, "events": EVENTS},
        "testcall": {"user": TESTCALL_USER, "password": testcall_password(settings.home)},
    }
    found = (name.removesuffix(".j2") for name in environment.list_templates() if name.endswith(".j2"))
    files = {name: environment.get_template(f"{name}.j2").render(values) for name in found}
    files |= {f"{name}.conf": "[general]\n" if name == "ccss" else "; Defaults hold.\n" for name in DEFAULTS}
    return files | {path.name: path.read_text("utf-8") for path in sorted(DIALPLAN.glob("*.conf"))}


def write(settings: SwitchSettings, files: dict[str, str]) -> None:
    """Replace the files of `settings.etc`, each at once, 0600."""
    for name, text in files.items():
        new = settings.etc / f".{name}.new"
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        new.replace(settings.etc / name)


def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        finalize=plain,
        autoescape=False,  # no HTML: `plain` is what keeps values harmless
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _takes_refer(settings: SwitchSettings, asterisk: Installation) -> bool:
    if settings.phone_transfers == "auto":
        return asterisk.version >= REFER_SAFE
    return settings.phone_transfers == "on"


def _announced(settings: SwitchSettings) -> dict[str, Path]:
    """What the safety net plays, by the class of wait music that it is; the files without ending."""
    return {
        music_class(name, language): settings.played / language / name for language in LANGUAGES for name in ANNOUNCED
    }


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
