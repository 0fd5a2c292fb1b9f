"""Why a person's place at the caisse could not be changed."""

from __future__ import annotations

from core.kernel.errors import Conflict, InvalidInput


class LastAdministrator(Conflict):
    """The caisse would be left without an administrator. Give somebody else this role first, without a last day."""

    code = "last_administrator"


class PersonChanged(Conflict):
    """A colleague changed this person in the meantime. Look at the new state and try again."""

    code = "person_changed"


class ReasonMissing(InvalidInput):
    """Say why; it stays in the history."""

    code = "reason_missing"
