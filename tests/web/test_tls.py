"""The web with TLS of its own: which certificates it takes, what it says of others, and that a renewed one counts."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from structlog.testing import capture_logs

from engine.accounts import Role
from engine.main.own_certificate import LASTS, OwnCertificate, made, names_of
from engine.settings import Settings
from engine.web import tls as web_tls
from engine.web.tls import Pair, Tls, TlsProblem
from tests.web.desks import an_agent
from tests.web.office import PASSWORD, opened

NOW = datetime.now(UTC)
NAMES = ["vorzimmer.example.net", "127.0.0.1"]


def laid_down(directory: Path, begun: datetime = NOW, names: list[str] = NAMES) -> Pair:
    """Files as a script of the admin's writes them."""
    pair = Pair(directory / "cert.pem", directory / "key.pem")
    key, cert = made(names, begun)
    pair.key.write_bytes(key)
    pair.cert.write_bytes(cert)
    return pair


def from_an_authority(pair: Pair) -> None:
    """Signed by somebody else."""
    names = [x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]) for name in ("Trust", NAMES[0])]
    key = ec.generate_private_key(ec.SECP256R1())
    until = NOW + timedelta(days=90)
    serial = x509.random_serial_number()
    made_out = x509.CertificateBuilder(names[0], names[1], key.public_key(), serial, NOW - timedelta(days=1), until)
    pair.cert.write_bytes(made_out.sign(ec.generate_private_key(ec.SECP256R1()), hashes.SHA256()).public_bytes(_PEM))
    form = (serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    pair.key.write_bytes(key.private_bytes(_PEM, *form))


_PEM = serialization.Encoding.PEM


def encrypted(pair: Pair) -> None:
    key = serialization.load_pem_private_key(pair.key.read_bytes(), None)
    form = (serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"secret"))
    pair.key.write_bytes(key.private_bytes(_PEM, *form))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda pair: pair.cert.unlink(), "{cert} cannot be read (No such file or directory): mend its rights"),
        (lambda pair: pair.key.unlink(), "{key} cannot be read (No such file or directory): mend its rights"),
        (lambda pair: pair.cert.write_text("hello"), "{cert} holds no certificate in PEM"),
        (lambda pair: pair.key.write_bytes(pair.cert.read_bytes()), "{key} holds no private key in PEM"),
        (encrypted, "{key} is a key with a passphrase: write it without one"),
        (lambda pair: pair.key.write_bytes(made(NAMES, NOW)[0]), "{key} is not the key of {cert}: name two files that"),
        (
            lambda pair: laid_down(pair.cert.parent, NOW - LASTS - timedelta(days=1)),
            "{cert} is valid from {begun:%Y-%m-%d} to {ended:%Y-%m-%d}, which today is not: renew it",
        ),
    ],
)
def test_files_that_cannot_serve_are_refused_in_one_line(tmp_path: Path, spoil: Any, said: str) -> None:
    pair = laid_down(tmp_path)
    spoil(pair)
    with pytest.raises(TlsProblem) as problem:
        Tls(pair)
    ended = NOW - timedelta(days=1)
    times = {"begun": ended - LASTS - timedelta(hours=1), "ended": ended}
    assert str(problem.value).startswith(said.format(cert=pair.cert, key=pair.key, **times))
    assert len(str(problem.value).splitlines()) == 1


def test_who_has_no_certificate_gets_one_that_only_its_owner_can_read(tmp_path: Path) -> None:
    own = OwnCertificate(tmp_path / "tls", NAMES)
    made_one = Tls(own.pair, own.renew)
    assert made_one.is_own
    assert [path.stat().st_mode & 0o777 for path in (own.pair.cert, own.pair.key)] == [0o600, 0o600]
    assert (tmp_path / "tls").stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in (tmp_path / "tls").iterdir()) == ["cert.pem", "key.pem"]


def test_it_stays_until_its_end_is_near_or_the_names_are_others(tmp_path: Path) -> None:
    own = OwnCertificate(tmp_path, NAMES)
    own.renew()
    before = own.pair.cert.read_bytes()
    own.renew()
    OwnCertificate(tmp_path, NAMES[:1]).renew()
    assert own.pair.cert.read_bytes() == before
    OwnCertificate(tmp_path, [*NAMES, "other.example.net"]).renew()
    other = own.pair.cert.read_bytes()
    assert other != before
    old = laid_down(tmp_path, NOW - LASTS + timedelta(days=29)).cert.read_bytes()
    own.renew()
    assert own.pair.cert.read_bytes() not in (before, other, old)
    own.pair.key.write_text("broken")
    own.renew()
    Tls(own.pair)


def test_it_is_for_every_name_under_which_browsers_come(tmp_path: Path) -> None:
    local = ["localhost", "127.0.0.1", "::1"]
    told: dict[str, Any] = {"home": tmp_path, "web_tls": "own"}
    assert names_of(Settings(**told)) == ["127.0.0.1", "localhost", "::1"]
    url = "https://büro.example.net:8443"
    outside = Settings(**told, web_url=url, web_host="0.0.0.0")
    assert names_of(outside) == ["büro.example.net", *local]
    assert names_of(Settings(**told, web_url=url, web_host="192.0.2.7"))[1] == "192.0.2.7"
    OwnCertificate(tmp_path, names_of(outside)).renew()


def test_a_certificate_that_ends_soon_is_told_of(tmp_path: Path) -> None:
    pair = laid_down(tmp_path, NOW - LASTS + timedelta(days=13))
    with capture_logs() as logged:
        Tls(pair)
    assert [entry["event"] for entry in logged] == ["certificate_taken_up", "certificate_ends_soon"]


def trusting(pair: Pair) -> ssl.SSLContext:
    """Somebody who trusts this very certificate, by its names, too."""
    return ssl.create_default_context(cafile=pair.cert)


async def test_over_our_own_certificate_sessions_are_safe_and_the_desk_is_live(tmp_path: Path) -> None:
    own = OwnCertificate(tmp_path / "tls", NAMES)
    async with opened(tmp_path, Tls(own.pair, own.renew)) as office:
        await office.sign_up("anna", "Anna Lindner", Role.AGENT)
        office.desks.works(an_agent("anna", "Anna Lindner"))
        connector = aiohttp.TCPConnector(ssl=trusting(own.pair))
        headers, jar = {"Sec-Fetch-Site": "same-origin"}, aiohttp.CookieJar(unsafe=True)  # of an address, too
        async with aiohttp.ClientSession(connector=connector, headers=headers, cookie_jar=jar) as http:
            sent = {"login": "anna", "password": PASSWORD}
            async with http.post(f"{office.url}/sign-in", data=sent, allow_redirects=False) as answer:
                assert answer.status == 303
                (cookie,) = [one for one in answer.headers.getall("Set-Cookie") if "session=" in one]
                assert cookie.startswith("__Host-session=")
                assert "; Secure" in cookie
                assert "Strict-Transport-Security" not in answer.headers
            async with http.get(f"{office.url}/desk/events") as answer:
                assert await answer.content.readline() == b"event: look\n"


async def test_a_renewed_file_counts_for_the_next_connection(tmp_path: Path) -> None:
    pair = laid_down(tmp_path)
    served = Tls(pair)
    async with opened(tmp_path, served) as office:

        async def is_served() -> bool:
            """Whether who trusts the file as it is now is served with it."""
            async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trusting(pair))) as http:
                try:
                    async with http.get(f"{office.url}/health") as answer:
                        return answer.status == 200
                except aiohttp.ClientConnectorCertificateError:
                    return False

        assert await is_served()
        laid_down(tmp_path)
        assert not await is_served()
        served.look()
        assert await is_served()


@pytest.mark.parametrize("how", ["half written", "gone"])
def test_what_is_wrong_with_new_files_ends_nothing(tmp_path: Path, how: str) -> None:
    pair = laid_down(tmp_path)
    served = Tls(pair)
    if how == "gone":
        pair.cert.unlink()
    else:
        pair.key.write_bytes(made(NAMES, NOW)[0])  # the certificate comes a moment later
    with capture_logs() as logged:
        served.look()
        served.look()
    assert [entry["event"] for entry in logged] == ["certificate_not_taken_up"]
    laid_down(tmp_path)
    with capture_logs() as logged:
        served.look()
    assert [entry["event"] for entry in logged] == ["certificate_taken_up"]


async def test_browsers_may_insist_on_an_authoritys_certificate(tmp_path: Path) -> None:
    pair = laid_down(tmp_path)
    from_an_authority(pair)
    served = Tls(pair)
    assert not served.is_own
    async with (
        opened(tmp_path, served) as office,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=False)) as http,
        http.get(f"{office.url}/sign-in") as answer,
    ):
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


async def test_files_are_looked_at_while_it_serves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_tls, "LOOK", 0.01)
    pair = laid_down(tmp_path)
    looked = asyncio.Event()
    loop = asyncio.get_running_loop()
    served = Tls(pair)
    monkeypatch.setattr(served, "renew", lambda: loop.call_soon_threadsafe(looked.set))
    async with opened(tmp_path, served):
        await asyncio.wait_for(looked.wait(), 5)


async def test_who_speaks_http_there_is_cut_off_without_a_word_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pair = laid_down(tmp_path)
    async with opened(tmp_path, Tls(pair)) as office, aiohttp.ClientSession() as http:
        with pytest.raises(aiohttp.ClientError):
            await http.get(office.url.replace("https", "http"))
        async with http.get(f"{office.url}/health", ssl=trusting(pair)) as answer:
            assert answer.status == 200
    assert [entry.getMessage() for entry in caplog.records] == []
