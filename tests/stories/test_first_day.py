"""A customer's first day: from the one-time link to a call that is answered as set, and the next one as changed.

Rule of this file: a real browser at the web of a real engine, and real telephones at its switch; nothing is set but by
pages.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.stories.people import Agent, Caller
from tests.stories.scene import NUMBER, Scene
from tests.web.browsing import Visitor, chromium, visiting

DEAR, LOCAL = "+491805123456", "+493099887700"
SHOWN = {DEAR: "+49 180 5 123456", LOCAL: "+49 30 99887700"}
PASSWORD = "vier gruene Boote im Nebel"
SAVED = "Gespeichert, gilt ab dem nächsten Anruf."
UNLAWFUL = (
    f"Wartezeit-Einstellung: Wer {SHOWN[DEAR]} anruft, zahlt nach Minuten, und das Warten darf nichts kosten. Bitte "
    "wählen Sie die Warteschleife nach TKG (verzögerter Connect), oder nehmen Sie den Anschluss heraus. (§ 115 TKG)"
)
ARRIVED = ["arrived +491701234567 for +4930123450", "customer K2001 Bäckerei Korn"]
TALKED = ["ringing_agent anna", "picked_up anna", "200", "caller_left", "ended answered, normal", "charged 1 min"]


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    """Chromium."""
    async with chromium() as browser:
        yield browser


async def chooses_a_password(visitor: Visitor, link: str) -> None:
    """The one-time link has come by mail."""
    await visitor.opens(link.removeprefix(visitor.url))
    await visitor.fills(password=PASSWORD, again=PASSWORD)
    await visitor.presses("Speichern und anmelden")
    await visitor.page.wait_for_url(lambda url: "/link/" not in url)


async def lets_support_in(scene: Scene, visitor: Visitor) -> None:
    """By the command line, as an administrator does it."""
    code, said, _ = await scene.installation.vorzimmer(
        "user", "add", "ines", "--name", "Ines Sommer", "--role", "support"
    )
    assert code == 0
    await chooses_a_password(visitor, said.splitlines()[1])


async def makes_the_customer(visitor: Visitor) -> str:
    """Support has the signed contract before it; the link for the first user."""
    await visitor.opens("/support/customers/new")
    contract = {"number": "K2001", "name": "Bäckerei Korn", "access_numbers": NUMBER}
    await visitor.fills(**contract, login="petra@korn.example", user="Petra Korn")
    await visitor.page.select_option("[name=tariff]", "always")
    await visitor.presses("Speichern")
    return await visitor.page.locator("main code").inner_text()


async def saves(visitor: Visitor, path: str, fields: dict[str, str]) -> None:
    """Fill these fields of the page and save them."""
    await visitor.opens(path)
    for name, text in fields.items():
        await visitor.page.fill(f"[name='{name}']", text)
    await visitor.presses("Speichern")
    await expect(visitor.page.get_by_role("status").first).to_have_text(SAVED)


async def fills_every_page(visitor: Visitor) -> None:
    """What agents say and whom they ask for."""
    greeting = {
        "greeting": "Bäckerei Korn, {agent}, guten Tag.",
        "instructions": "Bitte den Namen buchstabieren lassen.",
    }
    await saves(visitor, "/greeting", greeting)
    eva = {"name": "Eva Korn", "position": "Bäckermeisterin", "notify.mail": "eva@korn.example"}
    await saves(visitor, "/contacts/new", eva)
    await saves(visitor, "/company", {"company.name": "Bäckerei Korn GmbH", "company.opening_hours": "Mo–Sa 6–18 Uhr"})
    vip = {"vip_notes.0.who": "Herr Albers", "vip_notes.0.message": "Die Torte ist fertig."}
    await saves(visitor, "/notes", {**vip, "faq.0.heading": "Parken?", "faq.0.text": "Im Hof."})


async def chooses(visitor: Visitor, treatment: str, line: str) -> None:
    """How calls over this line are treated; sent, whatever is said to it."""
    await visitor.opens("/technical")
    await visitor.page.check(f"[name='wait.treatment'][value={treatment}]")
    await visitor.page.fill("[name='lines.0.number']", line)
    await visitor.presses("Speichern")


async def sets_up_everything(scene: Scene, customer: Visitor, support: Visitor) -> None:
    """From the contract to the technical settings, held to the law."""
    await lets_support_in(scene, support)
    await chooses_a_password(customer, await makes_the_customer(support))
    await expect(customer.page.get_by_role("heading", name="Ihr erster Tag")).to_be_visible()
    await fills_every_page(customer)
    await chooses(customer, "answered", DEAR)
    await expect(customer.page.locator("[data-summary] li")).to_have_text([UNLAWFUL])
    await customer.page.check("[name='wait.treatment'][value=delayed_connect]")
    await customer.presses("Speichern")
    await expect(customer.page.get_by_role("status")).to_have_text(SAVED)


async def calls_over(scene: Scene, line: str) -> Caller:
    """Somebody calls that line, which is forwarded to us."""
    caller = await scene.caller()
    await caller.dials(NUMBER, headers={"Diversion": f"<sip:{line}@carrier.example>;reason=unconditional"})
    return caller


async def talks(caller: Caller, anna: Agent) -> None:
    """Anna takes the call, and the caller hangs up."""
    await anna.becomes("ready")
    await anna.takes_the_call()
    await caller.hears_the_agent()
    await anna.hears_the_caller()
    await caller.hangs_up()
    await anna.rings_no_more()
    await anna.becomes("offline")


def plain(text: str) -> str:
    """With one blank at a time, whatever blanks there are on the page."""
    return " ".join(text.split())


async def looks_at_the_calls(visitor: Visitor, *expected: str) -> None:
    """The start page counts them and the list has them, with who called over which line, the latest first."""
    await visitor.opens("/")
    await expect(visitor.page.get_by_role("heading", name="Ihr erster Tag")).to_have_count(0)
    assert (await visitor.page.locator("[aria-labelledby=today-title] dd").all_inner_texts())[:2] == [
        str(len(expected)),
        "0",
    ]
    lines = await visitor.page.locator("[aria-labelledby=line-title] li").all_inner_texts()
    assert [plain(line).partition(":")[0] for line in lines] == [one[one.index("über") :] for one in expected]
    await visitor.page.get_by_role("link", name="Alle Anrufe").click()
    callers = await visitor.page.locator("tbody td:nth-of-type(1)").all_inner_texts()
    assert [plain(text) for text in callers] == list(expected)
    assert await visitor.page.locator("tbody td:nth-of-type(3)").all_inner_texts() == ["Anna"] * len(expected)


async def test_5_and_6_1_from_the_link_to_a_call_that_is_answered_as_set(scene: Scene, browser: Browser) -> None:
    anna = await scene.hires("anna")
    await scene.opens()
    url = f"http://127.0.0.1:{scene.installation.settings['WEB_PORT']}"
    async with visiting(browser, url) as petra, visiting(browser, url) as ines:
        await sets_up_everything(scene, petra, ines)
        first, second = (f"+49 170 1234567 über {SHOWN[line]}" for line in (DEAR, LOCAL))

        caller = await calls_over(scene, DEAR)
        await scene.noted(["announcement waiting-is-free", "183", "music default"])
        await caller.hears_music()
        assert (caller.saw[:2], await scene.installation.answered()) == (["100", "183 SDP"], [])
        assert "200" not in "".join(caller.saw)
        await talks(caller, anna)
        assert caller.saw[-1] == "200"
        assert anna.call.display == "Bäckerei Korn"
        await scene.records()
        await looks_at_the_calls(petra, first)

        await chooses(petra, "ringing", LOCAL)
        await expect(petra.page.get_by_role("status")).to_have_text(SAVED)
        caller = await calls_over(scene, LOCAL)
        await caller.sees(180)
        await talks(caller, anna)
        assert caller.saw == ["100", "180", "200 SDP"]
        await scene.records()
        await looks_at_the_calls(petra, second, first)
    assert await scene.trails() == [
        [*ARRIVED, "announcement waiting-is-free", "183", "music default", *TALKED],
        [*ARRIVED, "180", *TALKED],
    ]


async def sees(visitor: Visitor, *facts: str) -> None:
    """The page of the test call says so, by itself."""
    await expect(visitor.page.locator("#heard dd")).to_have_text(list(facts))


async def test_5_7_a_test_call_is_seen_while_it_waits_and_is_treated_like_any_other(
    scene: Scene, browser: Browser
) -> None:
    scene.has_customer(lines=[LOCAL], wait={"treatment": "delayed_connect"})
    anna = await scene.hires("anna")
    await scene.opens()
    url = f"http://127.0.0.1:{scene.installation.settings['WEB_PORT']}"
    async with visiting(browser, url) as petra:
        who = ("--name", "Petra Muster", "--role", "customer", "--customer", "K1")
        _, said, _ = await scene.installation.vorzimmer("user", "add", "petra@muster.example", *who)
        await chooses_a_password(petra, said.splitlines()[1])
        await petra.presses("Testanruf")

        caller = await calls_over(scene, LOCAL)
        forwarded = f"Ihr Anschluss ist weitergeleitet: Der Anruf von +49 170 1234567 über {SHOWN[LOCAL]} kam um "
        await expect(petra.page.locator("#heard h2")).to_contain_text(forwarded)
        treated = "Warteschleife nach TKG (verzögerter Connect)"
        await sees(petra, treated, "wartet, bis jemand frei ist")
        await talks(caller, anna)
        await expect(petra.page.locator("#heard dd").last).to_have_text("angenommen")
    arrived = ["arrived +491701234567 for +4930123450", "customer K1 Muster GmbH"]
    assert await scene.trails() == [[*arrived, "music default", "183", *TALKED]]
