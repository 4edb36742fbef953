"""Which Asterisk is taken, and from where; told by fakes of apt, since a machine has only one set of sources."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pbx.runtime import debian, install, mirror, places
from pbx.runtime.debian import Apt, FetchError
from pbx.runtime.mirror import sid_source
from pbx.runtime.places import NoAsterisk, objection, version_of
from pbx.runtime.settings import Mode

KEY = Path("/keys/debian-archive-keyring.gpg")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1:22.10.1~dfsg+~cs6.17-1", None),
        ("Asterisk 22.6.0", None),
        ("1:23.1.0-1", None),
        ("1:20.16.0~dfsg-1", "is 20.16.0, older than 22.6.0"),
        ("1:22.9.0~dfsg-1", "is 22.9.0, which has security advisories"),
        ("1:22.10.0~dfsg-1", "is 22.10.0, which has deadlocks"),
        ("", "is of an unknown version"),
    ],
)
def test_which_release_may_take_calls(text: str, reason: str | None) -> None:
    assert objection(version_of(text)) == reason


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Apt]:
    """Makes an apt of a machine with these package lists (origin|label|release|uri) and this Asterisk."""
    monkeypatch.delenv(mirror.SETTING, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(mirror, "_keyring", lambda directory: KEY)

    def make(*targets: str, offers: dict[bool, str | None] | None = None) -> Apt:
        monkeypatch.setattr(Apt, "update", lambda apt: None)
        monkeypatch.setattr(Apt, "targets", lambda apt, form: list(targets))
        monkeypatch.setattr(Apt, "candidate", lambda apt, package: (offers or {}).get(apt.sources is not None))
        return Apt(tmp_path / "machine")

    return make


def test_the_machines_own_mirror_is_taken(machine: Callable[..., Apt]) -> None:
    apt = machine(
        "Other|Other|stable|http://other.example",
        "Debian|Debian-Security|bookworm-security|http://mirror.example/security",
        "Debian|Debian|bookworm-updates|http://updates.example/debian",
        "Debian|Debian|bookworm|cdrom:[Debian]",
        "Debian|Debian|bookworm|http://mirror.example/debian/",
    )
    assert sid_source(apt) == f"deb [signed-by={KEY} valid-until-min=5184000] http://mirror.example/debian/ sid main\n"


def test_the_setting_goes_first(machine: Callable[..., Apt], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(mirror.SETTING, "http://snapshot.example/debian")
    apt = machine("Debian|Debian|bookworm|http://mirror.example/debian/")
    options = f"signed-by={KEY} check-valid-until=no"
    assert sid_source(apt) == f"deb [{options}] http://snapshot.example/debian sid main\n"


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("usr/share/debootstrap/scripts/sid", "mirror_style release\ndefault_mirror http://d.example/debian\n"),
        ("usr/sbin/debootstrap", 'DEF_MIRROR="http://d.example/debian"\n'),
    ],
)
def test_without_a_debian_source_debootstrap_tells(
    machine: Callable[..., Apt], tmp_path: Path, file: str, text: str
) -> None:
    prefix = tmp_path / "machine" / "debootstrap"
    for name in ("usr/share/debootstrap/scripts/sid", "usr/sbin/debootstrap"):
        (prefix / name).parent.mkdir(parents=True, exist_ok=True)
        (prefix / name).write_text(text if name == file else "")
    apt = machine("Ubuntu|Ubuntu|noble|http://ubuntu.example/ubuntu")
    assert sid_source(apt) == f"deb [signed-by={KEY} valid-until-min=5184000] http://d.example/debian sid main\n"


def test_an_unusable_release_is_not_fetched(machine: Callable[..., Apt], tmp_path: Path) -> None:
    machine("Debian|Debian|x|http://m.example/debian", offers={False: "1:20.1.0-1", True: "1:22.10.0-1"})
    with pytest.raises(NoAsterisk) as refused:
        install.fetch()
    assert str(refused.value) == (
        "no Asterisk that may take calls is offered (that of this machine's sources is 20.1.0, older than 22.6.0; "
        "that of Debian unstable is 22.10.0, which has deadlocks): wait for the next, or set VORZIMMER_DEBIAN_MIRROR "
        "to a mirror that has one"
    )


@pytest.mark.parametrize(("own", "fetched"), [("1:22.8.2-1", "machine"), (None, "sid")])
def test_the_machines_good_release_goes_before_debians(
    machine: Callable[..., Apt], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own: str | None, fetched: str
) -> None:
    machine("Debian|Debian|x|http://m.example/debian", offers={False: own, True: "1:22.10.1-1"})
    monkeypatch.setattr(Apt, "download", lambda apt, *packages: [apt.directory])
    unpacked: list[Path] = []
    monkeypatch.setattr(install, "unpack", lambda packages, prefix: unpacked.extend(packages))
    install.fetch()
    assert [path.name for path in unpacked] == [fetched]


def test_what_the_cache_has_is_used_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(install, "fetch", lambda: pytest.fail("fetched"))
    triple, _ = places.architecture()
    for release in ("22.8.2", "22.10.1", "22.9.0", "22.10.0", "20.1.0"):
        (tmp_path / "vorzimmer" / "asterisk" / f"{release}-{triple}").mkdir(parents=True)
    assert install.installation(Mode.OWN).version == (22, 10, 1)


def test_a_broken_package_leaves_no_prefix(tmp_path: Path) -> None:
    broken = tmp_path / "broken.deb"
    broken.write_text("no package")
    with pytest.raises(FetchError, match=r"broken\.deb cannot be unpacked"):
        debian.unpack([broken], tmp_path / "prefix")
    assert not (tmp_path / "prefix").exists()


def test_a_machine_without_apt_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FetchError, match="packages are fetched on Debian and Ubuntu only"):
        Apt(tmp_path / "apt").update()
