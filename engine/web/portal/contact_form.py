"""The form over one contact (§5.2): its fields, and how they differ from the entry's.

Rule of this file: people tick what may be told and what is used; the entry names what is hidden and what is off.
Working hours are one line for each day, an absence is there or it is not.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, get_args

from engine.directory.moments import in_utc
from engine.entries import ContactEntry, CustomerEntry
from engine.entries.contacts import Hidable, Option
from engine.web.forms import Field, Form, FormOf, Kind, Rows, Values
from engine.web.languages import N_, as_written
from engine.web.portal.digest_form import digest_fields, digest_meant, digest_shown
from engine.web.portal.week import DAY_NAMES, misplaced, parse_days, write_days

_MOST_TARGETS = 10
_ABSENCE = ("reason", "since", "until", "deputy")
_OPTIONS = {"mail": N_("E-mail"), "sms": N_("SMS"), "pushover": N_("Pushover"), "fax": N_("Fax")}
_TOLD = {
    "position": N_("Position"),
    "department": N_("Department"),
    "tasks": N_("Tasks"),
    "phone": N_("Telephone"),
    "fax": N_("Fax"),
    "mail": N_("E-mail"),
}
_DIGEST = N_("All messages since the last one in one e-mail, to the addresses above, whether e-mail is ticked or not.")
_FORGOTTEN = N_("You have entered an absence: please choose absent, or empty its fields.")
assert set(_TOLD) == set(get_args(Hidable)) and set(_OPTIONS) == set(get_args(Option))

MASTER = (
    Field("name", N_("Name")),
    Field("position", N_("Position"), optional=True),
    Field("department", N_("Department"), optional=True),
    Field("tasks", N_("Tasks"), Kind.AREA, N_("What this contact is there for."), optional=True),
    Field("phone", N_("Telephone"), Kind.TEL, optional=True),
    Field("fax", N_("Fax"), Kind.TEL, optional=True),
    Field("mail", N_("E-mail"), Kind.EMAIL, optional=True),
    Field(
        "hidden",
        N_("Released for information"),
        Kind.CHECKS,
        N_("Our agents see what is ticked and may tell it to callers."),
        choices=_TOLD,
    ),
)
HOURS = tuple(Field(f"hours.{day}", name) for day, name in DAY_NAMES.items())
RESTRICTIONS = Field(
    "transfer.restrictions",
    N_("Restrictions"),
    Kind.AREA,
    N_("When callers may be put through, such as: orders from 500 euros on."),
    optional=True,
)


def absence_fields(others: dict[str, str]) -> tuple[Field, ...]:
    """§5.2.2. `others`: who may stand in."""
    return (
        Field(
            "absence.state",
            N_("Presence"),
            Kind.RADIOS,
            choices={"present": N_("present, in working hours"), "absent": N_("absent")},
        ),
        Field("absence.reason", N_("Reason"), hint=N_("Such as: holiday."), optional=True),
        Field("absence.since", N_("From"), Kind.MOMENT, N_("Left empty: from now on."), optional=True),
        Field(
            "absence.until",
            N_("Until"),
            Kind.MOMENT,
            N_("Then the absence ends by itself. Left empty: until you end it."),
            optional=True,
        ),
        Field("absence.deputy", N_("Deputy"), Kind.SELECT, optional=True, choices=others),
        Field(
            "absence.messages",
            N_("Messages go to"),
            Kind.RADIOS,
            N_("As long as the absence lasts."),
            choices={"contact": N_("this contact"), "deputy": N_("the deputy"), "both": N_("both")},
        ),
    )


def notify_fields(alarmed: dict[str, str]) -> tuple[Field, ...]:
    """§5.2.3. `alarmed`: who may be told when an emergency is not acknowledged."""
    levels = {"normal": N_("normal"), "high": N_("high"), "emergency": N_("emergency, to be acknowledged")}
    return (
        Field("notify.use", N_("Use these ways"), Kind.CHECKS, N_("At least one that is filled in."), choices=_OPTIONS),
        Field("notify.mail", N_("E-mail addresses"), Kind.LINES, N_("Two at most, one per line."), optional=True),
        Field("notify.sms", N_("SMS to"), Kind.TEL, N_("A German mobile number."), optional=True),
        Field("notify.fax", N_("Fax to"), Kind.TEL, N_("A German landline."), optional=True),
        Field("notify.pushover.user", N_("Pushover user key"), hint=N_("It stands in the app."), optional=True),
        Field("notify.pushover.level", N_("Pushover level"), Kind.SELECT, choices=levels),
        Field(
            "notify.pushover.retry",
            N_("Repeat an emergency every so many seconds"),
            Kind.NUMBER,
            N_("30 or more, until it is acknowledged in the app."),
        ),
        Field(
            "notify.pushover.expire",
            N_("Stop after so many seconds"),
            Kind.NUMBER,
            N_("10800 at most, which is three hours."),
        ),
        Field("notify.pushover.next", N_("Then alarm"), Kind.SELECT, optional=True, choices=alarmed),
        *digest_fields("notify.digest", _DIGEST),
    )


ACCEPT = Field(
    "transfer.accept",
    N_("Whoever answers must press 1"),
    Kind.CHECK,
    N_("So no mailbox takes the caller: without the key the next number is tried."),
)


def target_rows(known: int) -> Rows:
    """§5.2.4.1 and §5.2.4.2; none that is there already is dropped."""
    name = "transfer.targets"
    return Rows(
        name,
        N_("Target {n}"),
        (
            Field(f"{name}.*.number", N_("Number"), Kind.TEL),
            Field(f"{name}.*.use", N_("Use this target"), Kind.CHECK, ticked=True),
            Field(
                f"{name}.*.ring_time",
                N_("Ring for so many seconds"),
                Kind.NUMBER,
                N_("5 to 120. Left empty: as long as usual."),
                optional=True,
            ),
        ),
        most=max(_MOST_TARGETS, known),
        ordered=True,
    )


def contact_form(
    customer: CustomerEntry, contact: ContactEntry | None, now: datetime, zone: str
) -> FormOf[ContactEntry]:
    """For this contact of the customer, None for a new one, at `now`."""
    others = [one for one in customer.contacts if one is not contact]
    alarmed = [one.name for one in others if "pushover" in one.notify.active]
    parts: tuple[Field | Rows, ...] = (
        *MASTER,
        *HOURS,
        *absence_fields(as_written(one.name for one in others)),
        *notify_fields(as_written(alarmed)),
        target_rows(len(contact.transfer.targets) if contact else 0),
        ACCEPT,
        RESTRICTIONS,
    )
    return FormOf(ContactEntry, parts, lambda model: _shown(model, now, zone), _meant)


def check_contact(form: Form[ContactEntry], contact: ContactEntry | None) -> None:
    """What the entry cannot know: an absence that was written but not chosen, and which day's hours are wrong."""
    is_present = form.value("absence.state") != "absent" and (contact is None or contact.absence is None)
    is_written = any(form.value(f"absence.{name}") for name in _ABSENCE)
    if is_present and (is_written or form.value("absence.messages") not in (None, "contact")):
        form.refuse("absence.state", _FORGOTTEN)
    if (mistake := form.mistakes.pop("hours.mon", None)) is not None:
        form.mistakes[f"hours.{misplaced(form.value('hours'))}"] = mistake


def _shown(model: Values, now: datetime, zone: str) -> Values:
    notify, transfer = model.get("notify") or {}, model.get("transfer") or {}
    pushover = {"level": "normal", "retry": 60, "expire": 3600, **(notify.get("pushover") or {})}
    targets = [one if isinstance(one, dict) else {"number": one} for one in transfer.get("targets") or []]
    return {
        **model,
        "hidden": [name for name in _TOLD if name not in (model.get("hidden") or ())],
        "hours": write_days(model.get("hours")),
        "absence": _absence_shown(model.get("absence"), now, zone),
        "notify": {
            **notify,
            "use": [name for name in _OPTIONS if name not in (notify.get("off") or ())],
            "pushover": pushover,
            "digest": digest_shown(notify.get("digest")),
        },
        "transfer": {**transfer, "targets": [{"use": True, "ring_time": None, **one} for one in targets]},
    }


def _absence_shown(absence: Values | None, now: datetime, zone: str) -> Values:
    """An absence that is over is none any more."""
    if absence is None or (absence["until"] and in_utc(datetime.fromisoformat(absence["until"]), zone) <= now):
        return {"state": "present", "messages": "contact"}
    return {"state": "absent", **absence}


def _meant(values: Values) -> Values:
    notify, absence = dict(values["notify"]), dict(values["absence"])
    use, pushover = notify.pop("use"), _filled(notify["pushover"])
    state = absence.pop("state")
    absence["messages"] = absence["messages"] or "contact"
    return {
        **values,
        "hidden": [name for name in _TOLD if name not in values["hidden"]],
        "hours": parse_days(values["hours"]),
        "absence": absence if state == "absent" else None,
        "notify": {
            **notify,
            "off": [name for name in _OPTIONS if name not in use],
            "pushover": pushover if "user" in pushover else None,
            "digest": digest_meant(notify["digest"]),
        },
    }


def _filled(values: Values) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
