"""What a customer's settings must be beyond their form: the law, sounds that are there, names that refer.

Rule of this file: judged by what one customer says and by the installation alone; what customers share is in
`engine.service.catalogue_rules`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from engine.directory.greeting import check_greeting
from engine.entries import ContactEntry, CustomerEntry, PushoverEntry
from engine.law.checks import Refusal, check_shown, check_transfers, check_wait
from engine.law.classes import NOT_LISTED, ClassTable, NotStricter, corrected
from engine.law.outgoing import is_abroad, is_dear, is_forbidden
from engine.law.shown import Shows
from engine.ports import Line
from engine.service.catalogue_mistakes import suggestion
from engine.service.catalogue_yaml import Path
from engine.service.customer_blocks import never_blocked
from engine.service.customer_limits import SHORTEST, Found, beyond_measure
from engine.terms import E164, Treatment, Wrong, is_own_sound


@dataclass(frozen=True, slots=True)
class Installation:
    """What entries are judged by."""

    classes: ClassTable
    longest_wait: float
    """The longest delayed-connect wait in seconds (L6)."""
    country: str = "49"
    """Country code without plus, for numbers written as `030 …`."""
    transfer_countries: frozenset[str] = frozenset()
    """Codes of the other countries to which callers may be put through."""
    shortest_wait: float = SHORTEST
    """The shortest longest wait, and time between two announcements, in seconds."""
    announcements: frozenset[str] | None = None
    """The names of all there are; None = not known here, so none is refused."""
    music: frozenset[str] | None = None
    """The same of music classes."""
    own_sounds: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """What calls name customers' own announcements by, by the customer's number; who is not in it has none."""


def judge_customer(customer: CustomerEntry, rules: Installation) -> Found:
    """Everything that is wrong with the customer in itself."""
    for refusal in check_greeting(customer.greeting or ""):
        yield (refusal.field,), _wrong(refusal)
    yield from _unknown_sounds(customer, rules)
    yield from _unknown_contacts(customer)
    yield from _circles(customer)
    yield from never_blocked(customer, rules.country)
    yield from beyond_measure(customer, rules.shortest_wait)
    yield from _against_the_law(customer, rules)


def _unknown_sounds(customer: CustomerEntry, rules: Installation) -> Found:
    wait = customer.wait
    if rules.music is not None and wait.music not in rules.music:
        mend = suggestion(wait.music, rules.music) or f": lay its files into music/{wait.music} of VORZIMMER_HOME"
        text = f"there is no music class '{wait.music}'{mend}"
        yield ("wait", "music"), Wrong("unknown.music", text, name=wait.music)
    named: list[tuple[Path, str]] = [(("wait", "greeting"), wait.greeting)] if wait.greeting else []
    named += [(("wait", "announcements", place), name) for place, name in enumerate(wait.announcements)]
    own = rules.own_sounds.get(customer.number, frozenset())
    for path, name in named:
        if is_own_sound(name):
            if name not in own:
                text = f"customer '{customer.number}' has no own announcement '{name}': make it in the portal"
                yield path, Wrong("unknown.announcement", text, name=name)
        elif rules.announcements is not None and name not in rules.announcements:
            mend = suggestion(name, rules.announcements) or f": lay {name}.wav into sounds/<language> of VORZIMMER_HOME"
            yield path, Wrong("unknown.announcement", f"there is no announcement '{name}'{mend}", name=name)


def _unknown_contacts(customer: CustomerEntry) -> Found:
    """Deputies, and who is alarmed next, are other contacts of the same customer."""
    known = {contact.name: contact for contact in customer.contacts}
    for place, contact in enumerate(customer.contacts):
        at: Path = ("contacts", place)
        if contact.absence is not None and contact.absence.deputy is not None:
            yield from _other((*at, "absence", "deputy"), contact, contact.absence.deputy, known)
        pushover = contact.notify.pushover
        if pushover is not None and pushover.next is not None:
            path = (*at, "notify", "pushover", "next")
            yield from _other(path, contact, pushover.next, known)
            other = known.get(pushover.next)
            if other is not None and "pushover" not in other.notify.active:
                text = f"contact '{other.name}' has no Pushover in use, so nobody would be alarmed: choose another"
                yield path, Wrong("contact.no_pushover", text, name=other.name)


def _other(path: Path, contact: ContactEntry, name: str, known: Mapping[str, ContactEntry]) -> Found:
    if name == contact.name:
        yield path, Wrong("contact.self", f"'{name}' is the contact itself: name another", name=name)
    elif name not in known:
        yield path, Wrong("unknown.contact", f"there is no contact '{name}'{suggestion(name, known)}", name=name)


def _circles(customer: CustomerEntry) -> Found:
    """An alarm that nobody acknowledges must come to an end; said once of each circle, at its first contact."""
    places = {contact.name: place for place, contact in enumerate(customer.contacts)}
    following = {contact.name: _next(contact.notify.pushover) for contact in customer.contacts}
    for name, place in places.items():
        round_: list[str] = [name]
        while (then := following.get(round_[-1])) is not None and then not in round_:
            round_.append(then)
        if then == name and len(round_) > 1 and place == min(places[one] for one in round_):
            shown = ", ".join((*round_, name))
            text = f"the alarms would go round for ever ({shown}): let one of them have no next"
            yield ("contacts", place, "notify", "pushover", "next"), Wrong("contact.circle", text, names=shown)


def _next(pushover: PushoverEntry | None) -> str | None:
    return pushover.next if pushover is not None else None


def _against_the_law(customer: CustomerEntry, rules: Installation) -> Found:
    lines = []
    for place, line in enumerate(customer.lines):
        number = E164(line.number)
        number_class = rules.classes.rule_for(number).number_class
        try:
            number_class = corrected(number_class, line.number_class or number_class)
        except NotStricter as error:
            yield ("lines", place, "class"), error
        lines.append(Line(number, number_class))
    wait = customer.wait.plan()
    if wait.max_wait is None:
        wait = replace(wait, max_wait=rules.longest_wait if wait.treatment is Treatment.DELAYED_CONNECT else None)
    for refusal in check_wait(lines, wait, rules.longest_wait):
        yield tuple(refusal.field.split(".")), _wrong(refusal)
    contacts = {contact.name: place for place, contact in enumerate(customer.contacts)}
    targets = [
        (contact.name, E164(target.number))
        for contact in customer.contacts
        for target in contact.transfer.targets
        if target.use
    ]
    for refusal in check_transfers(lines, targets):
        yield ("contacts", contacts[refusal.values["contact"]], "transfer"), _wrong(refusal)
    yield from _never_dialled(customer, rules)
    shown = [E164(shown.number) for shown in customer.shown_numbers]
    for refusal in check_shown(shown, rules.country):
        yield ("shown_numbers", shown.index(E164(refusal.values["number"])), "number"), _wrong(refusal)
    chosen = customer.put_through.number
    if chosen is not None and chosen not in shown:
        text = f"{chosen} is none of the shown_numbers: enter it there, with the right of use, or choose another"
        yield ("put_through", "number"), Wrong("L7.not_on_record", text, number=chosen)
    if customer.put_through.shows is Shows.CALLER and not shown:
        # No code of the law's: who was saved so before can change something else, and hides the number until then.
        text = "the caller's number is shown only beside a number of the customer's that carriers are told: enter one, "
        yield ("put_through", "shows"), Wrong("shows.alone", text + "with the right of use, as shown_numbers")
    yield from _too_dear(customer, rules)


def _never_dialled(customer: CustomerEntry, rules: Installation) -> Found:
    for path, number in _targets(customer):
        if is_forbidden(number, rules.country):
            text = f"{number} is never dialled by us (110, 112, 0137, 0900, 118xy): write another number"
            yield path, Wrong("L7.dialled", text, number=number)
        elif not is_dear(number, rules.classes) and is_abroad(number, rules.transfer_countries | {rules.country}):
            text = f"{number} is in a country to which nobody is put through: write another number, or have an "
            text += "administrator add its code to transfer_countries"
            yield path, Wrong("number.country", text, number=number)


def _targets(customer: CustomerEntry) -> Iterator[tuple[Path, E164]]:
    for place, contact in enumerate(customer.contacts):
        for target_place, target in enumerate(contact.transfer.targets):
            yield ("contacts", place, "transfer", "targets", target_place, "number"), E164(target.number)


def _too_dear(customer: CustomerEntry, rules: Installation) -> Found:
    """What somebody would be charged for, or fooled by: said only where the law has not said it already."""
    numbers = list(_targets(customer))
    for place, contact in enumerate(customer.contacts):
        if contact.notify.fax is not None:
            numbers.append((("contacts", place, "notify", "fax"), E164(contact.notify.fax)))
    for at, one in enumerate(customer.shown_numbers):
        # A service line of the customer's own (0180, 0700) may be shown: § 120 (3) TKG names those that must not.
        if rules.classes.rule_for(E164(one.number)) is NOT_LISTED:
            numbers.append((("shown_numbers", at, "number"), E164(one.number)))
    for path, number in numbers:
        if is_dear(number, rules.classes) and not is_forbidden(number, rules.country):
            text = f"{number} is a service, satellite or premium number: write one of a landline or a mobile phone"
            yield path, Wrong("number.dear", text, number=number)


def _wrong(refusal: Refusal) -> Wrong:
    return Wrong(refusal.code, refusal.text, **refusal.values)
