"""What a model has against a value, in the user's words.

Rule of this file: one mistake says what is wrong and how to mend it, in words without technology. Entries and rules
give every mistake a code (`engine.terms.Wrong`); their own sentences are for files, those of `WORDS_OF` for people.
"""

from __future__ import annotations

import re
from typing import Any

from babel.dates import get_day_names
from pydantic_core import ErrorDetails

from engine.hours.spans import DAYS
from engine.terms import Wrong
from engine.web.grouping import grouped
from engine.web.languages import N_, Words

_SPAN = re.compile(r"[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}")
NEEDED = N_("This is needed: please fill it in.")
_KINDS = {
    "missing": NEEDED,
    "none_required": NEEDED,
    "bool_type": N_("Please choose."),
    "enum": N_("Please choose one of the options."),
    "literal_error": N_("Please choose one of the options."),
    "string_too_short": N_("Please write at least {min_length} characters."),
    "string_too_long": N_("Please write at most {max_length} characters."),
    "too_short": N_("Please name at least {min_length}."),
    "too_long": N_("Please name at most {max_length}."),
    "greater_than": N_("This must be more than {gt}."),
    "greater_than_equal": N_("This must be {ge} or more."),
    "less_than": N_("This must be less than {lt}."),
    "less_than_equal": N_("This must be {le} or less."),
    "int_from_float": N_("Please write a whole number."),
    "int_type": N_("Please write a whole number."),
    "int_parsing": N_("Please write a whole number."),
    "float_type": N_("Please write a number."),
    "float_parsing": N_("Please write a number."),
    "finite_number": N_("Please write a number."),
    "date_type": N_("Please write a date."),
    "date_from_datetime_parsing": N_("Please write a date."),
    "datetime_from_date_parsing": N_("Please write a date and a time."),
    "time_parsing": N_("Please write a time such as 08:30."),
}
_OTHER = N_("This cannot be used: please write it in another way.")
WORDS_OF = {
    "absence.no_deputy": N_("There is no deputy to get the messages. Please name one, or let this contact get them."),
    "announcement.broken": N_("This file is broken or cut off. Please save the recording anew."),
    "announcement.busy": N_("Many announcements are being made just now. Please try it again in a minute."),
    "announcement.chosen": N_("This announcement is chosen for your callers. Please choose another one first."),
    "announcement.kind": N_("This is no WAV, MP3 or OGG file. Please save the recording as one of these."),
    "announcement.long": N_("This takes longer than 120 seconds. Please shorten it."),
    "announcement.many": N_("There are {most} announcements already. Please delete one that you no longer need."),
    "announcement.short": N_("This takes less than half a second. Please check whether it is the right one."),
    "announcement.silent": N_("There is nothing to be heard in it. Please record it louder."),
    "announcement.size": N_("The file is larger than 10 MB. Please save it as MP3 or OGG, or shorten it."),
    "announcement.taken": N_("There is an announcement {name} already. Please give it another name."),
    "announcement.text": N_("Please write 1 to {most} characters."),
    "announcement.voice": N_("This cannot be spoken at present. Please upload a recording instead."),
    "back_from": N_("Please give either a date and time or a text, not both."),
    "back_from.over": N_("This is over already: please choose a time to come, or leave it empty."),
    "block.emergency": N_("{number} is a number of emergency services: it cannot be blocked."),
    "block.needed": N_(
        "{number} is one of your own numbers, of a contact or of a VIP note: it cannot be blocked. Please take it out "
        "there first, or unblock it."
    ),
    "contact.circle": N_("These contacts pass alarms on in a circle: {names}. Please end it at one of them."),
    "contact.no_pushover": N_("{name} has no Pushover: please name a contact who has."),
    "contact.self": N_("{name} is the contact itself: please name another."),
    "days": N_("This day is before the first one. Please exchange the two."),
    "day": N_("Please write the day as 24.12.2026."),
    "day.far": N_("The year {year} is too far away: please choose one from {first} to {last}."),
    "digest.mail": N_("The daily summary goes by e-mail. Please enter an address, or do not tick it."),
    "digest.time": N_("{written} is no time of day: please write it as 18:00."),
    "field.choices": N_("Please write two answers at least, one on each line."),
    "field.no_choices": N_("Answers belong to the kind “One of several answers”: please choose it, or delete them."),
    "gone": N_("There is no contact {name} any more."),
    "gone.caller": N_("{number} is not blocked any more."),
    "greeting.locked": N_(
        "The greeting has been in use for more than two weeks. Please tell our support how it is to be changed."
    ),
    "greeting.braces": N_("{{agent}} is the only word that can stand in braces: it becomes the agent's name."),
    "host": N_("Please write a host name or an address alone."),
    "hours.begin": N_("{written}: no span begins at 24:00. Please write 00:00 of the next day."),
    "hours.day": N_("{written} is no day."),
    "hours.empty": N_("{written} is empty: please write 00:00-24:00 for the whole day, or leave it out."),
    "hours.overlap": N_("{one} and {other} overlap: please let one end where the other begins."),
    "hours.span": N_("{written} is no span of time: please write it as 08:00-18:00."),
    "hours.time": N_("{written} has a time of day that does not exist: please write 00:00 to 24:00."),
    "hours.wider": N_("This is beyond the hours of the booked tariff."),
    "L1.class": N_("The number's prefix asks for stricter rules than that: the class can only be made stricter here."),
    "L2.budget": N_(
        "Callers of {line} may wait 30 seconds at most once the call is answered. Please set the longest wait to 30 "
        "seconds with the busy tone after it, or choose the delayed connect. (TKG § 115)"
    ),
    "L2.treatment": N_(
        "Callers of {line} pay by the minute, and waiting must cost them nothing. Please choose the waiting loop with "
        "delayed connect, or take the line out. (TKG § 115)"
    ),
    "L3.transfer": N_(
        "{contact} has numbers in use for putting callers through, and callers of {lines} pay by the minute: nobody "
        "may be put through there. Please take the numbers out of use, or take the line out. (TKG § 115)"
    ),
    "L6.max_wait": N_(
        "With delayed connect a wait must end after {longest} seconds at the latest. Please set the longest wait to "
        "that or less. (TKG § 115)"
    ),
    "L6.then": N_("With delayed connect a wait can only end with the busy tone. Please choose that. (TKG § 115)"),
    "L7.dialled": N_("{number} is a number that we must not dial: please enter another."),
    "L7.not_on_record": N_(
        "{number} is none of the numbers shown on outgoing calls: please enter it there, with the right of use, or "
        "choose another."
    ),
    "L7.shown": N_("{number} must not be shown as a caller's number: please enter another. (TKG § 120)"),
    "list.long": N_("Please name at most {max_length}."),
    "login.reserved": N_("{login} is taken by the telephone that places test calls: please choose another."),
    "loop.access_number": N_("{number} is a number that some customer's callers dial or are put through to."),
    "loop.line": N_("{number} is a number that calls are forwarded to: please enter the number that callers dial."),
    "loop.target": N_(
        "{number} leads back to us: please enter the number at which the contact can be reached directly."
    ),
    "mail": N_("{written} is no e-mail address: please write it as name@business.example."),
    "message.empty": N_("Please write a subject or a text, or tick what the caller wants."),
    "message.long": N_("Please write at most {most} characters."),
    "message.who": N_("Please write who asks to be called back: a name, a company or a number."),
    "moment": N_("Please write a date and a time."),
    "name": N_("Please write 1 to 80 characters on one line."),
    "network": N_("{written} is no address: please write it as 192.0.2.10 or 192.0.2.0/24."),
    "network.all": N_("{written} is the whole internet: please name the carrier's own addresses."),
    "notify.none": N_("A contact needs at least one way to get messages that is in use: e-mail, SMS, Pushover or fax."),
    "number": N_("{written} is no telephone number: please write it as 030 123456 or +49 30 123456."),
    "number.country": N_("{number} is in a country to which we put nobody through: please enter another."),
    "number.dear": N_(
        "{number} is a service, satellite or premium number: please enter that of a landline or a mobile phone."
    ),
    "number.landline": N_("{number} is no German number for a fax machine."),
    "number.length": N_("{number} is too short or too long for a number of its country."),
    "number.mobile": N_("{number} is no German mobile number."),
    "overflow": N_("Please say after how many seconds other agents may answer too."),
    "password": N_("Please write 1 to 128 letters, digits and signs, without blanks around them."),
    "person.hidden": N_(
        "Who hides the number cannot be found by it. Please ask for the number that the person has called from."
    ),
    "phone.no_uri": N_("Such a telephone tells its address by itself: please leave the address empty."),
    "phone.uri": N_("A telephone at a fixed address needs its address, such as sip:anna@192.0.2.1:5060."),
    "pushover.unknown": N_("Pushover knows nobody with this key and a device. Please copy the key from the app."),
    "pushover_user": N_("Please write the user key from the app: 30 letters and digits."),
    "right": N_("This can be changed by our support only."),
    "shows.alone": N_(
        "The caller's number can be shown only if a number of the customer's is on record, by which carriers know who "
        "calls: please enter one under the numbers shown on outgoing calls, with the right of use."
    ),
    "sip_uri": N_("Please write it as sip:name@192.0.2.1:5060, at most with ;transport=udp, tcp or tls after it."),
    "sip_user": N_("Please write the user name alone, without what follows the @."),
    "sound": N_("Please write 1 to 40 letters, digits, underscores and hyphens."),
    "state": N_("Please choose a federal state."),
    "taken.access_number": N_("{number} belongs to another customer already."),
    "taken.address": N_("{address} belongs to the trunk {name} already."),
    "taken.name": N_("{name} is there already: please choose another name."),
    "taken.number": N_("There is a customer {number} already: please choose another number."),
    "text": N_("Please write 1 to 2000 characters."),
    "text.sign": N_("There is a character in it that cannot be read ({sign}): please delete it."),
    "trunk.account": N_("Please fill in the user name with the carrier too."),
    "trunk.no_password": N_("A trunk with a user name needs the password for it."),
    "trunk.password": N_("The password is the user name's: please fill in that too, or leave the password empty."),
    "trunk.reach": N_(
        "Please fill in the addresses that the carrier calls from, or registrar, user name and password."
    ),
    "trunk.registrar": N_("To register, the trunk needs a user name with the carrier."),
    "trunk.user": N_("The user name is for registering or for calling out: please fill in what is missing there."),
    "trunk.way_out": N_("To call out, the trunk needs where calls go, or a registrar."),
    "twice": N_("{named} is named twice: once is enough."),
    "unknown.announcement": N_("There is no announcement {name}."),
    "unknown.contact": N_("There is no contact {name}."),
    "unknown.group": N_("There is no group {name}."),
    "unknown.music": N_("There is no music {name}."),
    "unknown.tariff": N_("There is no tariff {name}."),
    "until": N_("The end must be later than the beginning."),
    "vat_id": N_("Please write it without blanks, such as DE123456789."),
    "wait.short": N_("This must be {ge} or more."),
    "web": N_("Please write it as www.business.example."),
    "year": N_("Please name a day from the years {first} to {last}."),
    "word": N_(
        "Please write 1 to 40 letters, digits, dots, underscores and hyphens, beginning with a letter or digit."
    ),
}
"""What is said of a mistake by its code; codes that only a file can have are not among them."""


def explain(found: ErrorDetails, words: Words) -> str:
    """What pydantic has found, in the user's words."""
    kind, context = found["type"], found.get("ctx", {})
    problem = context.get("error")
    if isinstance(problem, Wrong):
        return said_of(problem, words)
    if kind.endswith("_type") and found["input"] is None:
        return words(NEEDED)
    return words(_KINDS.get(kind, _OTHER), **context)


def said_of(wrong: Wrong, words: Words) -> str:
    """A mistake of ours in the user's words; one that has none as it stands."""
    text = WORDS_OF.get(wrong.code) or _KINDS.get(wrong.code)
    values = {name: grouped(_with_day(value, words)) for name, value in wrong.values.items()}
    return words(text, **values) if text else _capital(str(wrong))


def _with_day(value: str, words: Words) -> str:
    """`sun 09:00-12:00`, as files write it, with the day's name in the user's language; all else stays."""
    day, _, span = str(value).partition(" ")
    if day not in DAYS or not _SPAN.fullmatch(span):
        return value
    names: Any = get_day_names("wide", locale=words.format.locale)
    return f"{names[DAYS.index(day)]} {span.replace('-', '–')}"


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:] + ("" if sentence.endswith((".", "!", "?")) else ".")
