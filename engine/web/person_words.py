"""What is kept about a telephone number, in people's words.

Rule of this file: words only; the command line says the same in English.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.ports.persons import Kind
from engine.web.languages import N_

KINDS: Mapping[Kind, str] = {
    Kind.CALLS: N_("Calls, with what happened in them"),
    Kind.MESSAGES: N_("Messages, with their deliveries"),
    Kind.DRAFTS: N_("Texts that were typed and not saved"),
    Kind.DIALLED: N_("Calls to this number, for other callers"),
    Kind.BLOCKED: N_("Entries in lists of blocked callers"),
    Kind.NOT_BLOCKED: N_("Suggestions to block it that were declined"),
    Kind.CHANGES: N_("Lines in the log of changes"),
    Kind.ENTERED: N_("Entered by the customer itself"),
    Kind.MENTIONED: N_("Mentioned in others' messages and change orders"),
}
LEFT_OUT: Sequence[str] = (
    N_("Who of our staff has talked or written something down is left out: they are no recipients of the data."),
    N_("Texts of other callers that mention the number are listed and not shown: they are others' data."),
    N_("What was forgotten after its period is not there any more. Conversations are not recorded."),
    N_("Not searched: backups, and mails, SMS and other messages that have left the house."),
)
"""What an export does not have, and why."""
FIELDS: Mapping[str, str] = {
    "contacts": N_("Contacts"),
    "vip_notes": N_("VIP notes"),
    "faq": N_("Mini FAQ"),
    "company": N_("Company"),
    "lines": N_("Forwarded lines"),
    "access_numbers": N_("Access numbers"),
    "shown_numbers": N_("Numbers shown on outgoing calls"),
    "put_through": N_("What was agreed on putting through"),
}
"""Where a customer may have entered it; others are texts."""
TEXTS = N_("Texts")
PERIODS: Mapping[str, str] = {
    "callers": N_("Who called, who answered, who was dialled"),
    "call_trails": N_("What happened in a call, step by step"),
    "calls": N_("The call as a figure for the invoice, without people"),
    "messages": N_("Messages"),
    "message_deliveries": N_("To whom and where a message went"),
    "audit": N_("Log of changes"),
}
"""What is kept for how long, by its setting."""
NIGHTLY: Mapping[str, str] = {
    "account_events": N_("sign-ins and accounts"),
    "agent_log": N_("agents' days"),
    "audit": N_("log of changes"),
    "call_closings": N_("reasons for no message"),
    "call_trails": N_("calls step by step"),
    "callers": N_("people in calls"),
    "calls": N_("calls"),
    "change_orders": N_("change orders"),
    "desk_news": N_("news for desks"),
    "message_deliveries": N_("addresses of deliveries"),
    "message_drafts": N_("typed and not saved"),
    "messages": N_("messages"),
    "notices": N_("test messages and daily summaries"),
    "one_time_links": N_("one-time links"),
    "sessions": N_("sessions"),
    "sign_in_failures": N_("failed sign-ins"),
    "spam_dismissals": N_("declined suggestions to block"),
}
"""What is forgotten at night, by its name in the report."""
