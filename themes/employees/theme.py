"""The declaration of the theme."""

from __future__ import annotations

from core.catalogue.types import MessageType, Theme
from core.kernel.text import N_
from themes.employees import rules
from themes.employees.messages import Change, Duplicate, Entry, Exit

ENTRY = MessageType(
    key="employees.entry",
    version=1,
    title=N_("Entry of an employee"),
    summary=N_("Announce somebody who begins work with you."),
    declaration=Entry,
    rules=rules.RULES,
    check_message=rules.check_entry,
)
EXIT = MessageType(
    key="employees.exit",
    version=1,
    title=N_("Exit of an employee"),
    summary=N_("Announce somebody who leaves."),
    declaration=Exit,
    rules=rules.RULES,
    check_message=rules.check_exit,
)
CHANGE = MessageType(
    key="employees.change",
    version=1,
    title=N_("Change of personal data"),
    summary=N_("A new name, civil status or canton of work."),
    declaration=Change,
    rules=rules.RULES,
    check_message=rules.check_change,
)
DUPLICATE = MessageType(
    key="employees.duplicate",
    version=1,
    title=N_("Duplicate of the insurance certificate"),
    summary=N_("Order a new copy of an employee's certificate."),
    declaration=Duplicate,
)

THEME = Theme(
    slug="employees",
    title=N_("Employees"),
    summary=N_("Entries, exits and changes of your staff, and their insurance certificates."),
    icon="people",
    order=20,
    message_types=(ENTRY, EXIT, CHANGE, DUPLICATE),
)
