"""What an administrator writes down: trunks, groups, agents, tariffs, customers; in YAML and in the store.

Rule of this room: one definition for both. Validating takes the YAML file's words (`mon-fri`, `030 …`) or our own
values, dumping gives the YAML's words back; the fields are our own values. An entry that exists is sound in itself;
what it says about other entries is checked in `engine.service.catalogue_rules`.
"""

from engine.entries.base import Entry
from engine.entries.catalogue import SECTIONS, Catalogue, Changes, KeyedEntry, key_of
from engine.entries.company import BlockedCallerEntry, CompanyEntry, FaqEntry, ShownNumberEntry, VipEntry
from engine.entries.contacts import (
    AbsenceEntry,
    ContactEntry,
    NotifyEntry,
    PushoverEntry,
    TargetEntry,
    TransferEntry,
)
from engine.entries.customers import (
    CircleEntry,
    CustomerEntry,
    LineEntry,
    RoutingEntry,
    TariffEntry,
    WaitEntry,
)
from engine.entries.message_fields import MessageFieldEntry
from engine.entries.people import AgentEntry, GroupEntry, OutboundEntry, PhoneEntry, TrunkEntry
from engine.entries.put_through import PutThroughEntry

__all__ = [
    "SECTIONS",
    "AbsenceEntry",
    "AgentEntry",
    "BlockedCallerEntry",
    "Catalogue",
    "Changes",
    "CircleEntry",
    "CompanyEntry",
    "ContactEntry",
    "CustomerEntry",
    "Entry",
    "FaqEntry",
    "GroupEntry",
    "KeyedEntry",
    "LineEntry",
    "MessageFieldEntry",
    "NotifyEntry",
    "OutboundEntry",
    "PhoneEntry",
    "PushoverEntry",
    "PutThroughEntry",
    "RoutingEntry",
    "ShownNumberEntry",
    "TargetEntry",
    "TariffEntry",
    "TransferEntry",
    "TrunkEntry",
    "VipEntry",
    "WaitEntry",
    "key_of",
]
