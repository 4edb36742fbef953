"""The tables, by meaning. Importing this package fills `metadata` with all of them.

Rule: whatever changes here needs a migration in `engine.store.migrations`; a test compares the two.
"""

from engine.store.tables.accounts import (
    account_events,
    api_tokens,
    one_time_links,
    sessions,
    sign_in_failures,
    users,
)
from engine.store.tables.agents import agent_groups, agent_log, agent_skills, agents, groups, phones
from engine.store.tables.announcements import announcements
from engine.store.tables.audit import audit
from engine.store.tables.base import metadata
from engine.store.tables.calls import call_attempts, call_talks, call_trail, calls, journal_files
from engine.store.tables.customers import (
    access_numbers,
    blocked_callers,
    customer_details,
    customer_search,
    customers,
    forwarded_lines,
    tariffs,
    wait_settings,
)
from engine.store.tables.desk import call_closings, message_drafts, spam_dismissals
from engine.store.tables.keeping import retention_reports
from engine.store.tables.messages import message_deliveries, messages
from engine.store.tables.news import desk_news
from engine.store.tables.orders import change_orders
from engine.store.tables.trunks import trunk_matches, trunks

__all__ = [
    "access_numbers",
    "account_events",
    "agent_groups",
    "agent_log",
    "agent_skills",
    "agents",
    "announcements",
    "api_tokens",
    "audit",
    "blocked_callers",
    "call_attempts",
    "call_closings",
    "call_talks",
    "call_trail",
    "calls",
    "change_orders",
    "customer_details",
    "customer_search",
    "customers",
    "desk_news",
    "forwarded_lines",
    "groups",
    "journal_files",
    "message_deliveries",
    "message_drafts",
    "messages",
    "metadata",
    "one_time_links",
    "phones",
    "retention_reports",
    "sessions",
    "sign_in_failures",
    "spam_dismissals",
    "tariffs",
    "trunk_matches",
    "trunks",
    "users",
    "wait_settings",
]
