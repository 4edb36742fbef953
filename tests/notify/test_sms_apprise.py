"""SMS by Apprise, with a plugin of its own (`json://`), against a server on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from engine.message.sms import sms_text
from engine.message.states import DeliveryState, Means, Trouble
from engine.notify import sms_apprise
from engine.notify.sms import SmsCourier
from engine.notify.sms_apprise import AppriseGateway
from engine.ports.outbox import Handed, NotHanded
from tests.notify.parcels import StandingClock, parcel
from tests.notify.provider import Provider, opened
from tests.ports import free_port

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # in its tools for PGP
SMS = parcel(Means.SMS, "+4915112345678")


@pytest_asyncio.fixture
async def provider() -> AsyncIterator[Provider]:
    async with opened() as provider:
        yield provider


def courier(url: str) -> SmsCourier:
    return SmsCourier(AppriseGateway(url), StandingClock(), "49", "de")


def by_json(provider: Provider) -> SmsCourier:
    return courier(provider.url.replace("http://", "json://anna:geheim@") + "/sms/{to}")


async def refused(courier: SmsCourier) -> tuple[Trouble, bool, str]:
    with pytest.raises(NotHanded) as problem:
        await courier.send(SMS)
    assert "geheim" not in f"{problem.value}{problem.value!r}"
    return problem.value.trouble, problem.value.final, problem.value.detail


async def test_it_is_handed_over_once_and_no_more_is_heard(
    provider: Provider, capfd: pytest.CaptureFixture[str]
) -> None:
    provider.says({"ok": True})
    assert await by_json(provider).send(SMS) == Handed(DeliveryState.SENT)
    [asked] = provider.asked
    assert (asked.method, asked.path, asked.json["message"]) == ("POST", "/sms/+4915112345678", sms_text(SMS.slip))
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("status", "trouble"),
    [(401, Trouble.OURS), (400, Trouble.OURS), (429, Trouble.UNREACHABLE), (503, Trouble.UNREACHABLE)],
)
async def test_what_went_wrong_is_told_as_far_as_it_is_known(
    provider: Provider, capfd: pytest.CaptureFixture[str], status: int, trouble: Trouble
) -> None:
    provider.says(text="anna:geheim was wrong", status=status)
    assert await refused(by_json(provider)) == (trouble, False, f"Apprise: the gateway has answered {status}")
    assert (len(provider.asked), capfd.readouterr()) == (1, ("", ""))


async def test_no_redirect_is_followed(provider: Provider) -> None:
    async with opened() as elsewhere:
        provider.says(text="", status=307, Location=elsewhere.url)
        assert (await refused(by_json(provider)))[0] is Trouble.UNREACHABLE
        assert elsewhere.asked == []


async def test_nobody_is_there_or_nobody_knows_the_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sms_apprise, "ANSWER", 1.0)
    away = courier(f"json://anna:geheim@127.0.0.1:{free_port()}/" + "{to}")
    assert await refused(away) == (Trouble.UNREACHABLE, False, "Apprise: failure; it does not say why")
    unknown = "Apprise does not know this kind of URL, or something is missing in it"
    for url in ("pigeon://geheim/{to}", "geheim {to}"):
        assert await refused(courier(url)) == (Trouble.OURS, False, unknown)
