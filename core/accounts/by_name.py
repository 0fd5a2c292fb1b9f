"""Lists of people by name, paged by key: the last person's name and identifier, unreadable in an address."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from core.kernel.errors import InvalidInput

if TYPE_CHECKING:
    from core.accounts.models import User


class PageGone(InvalidInput):
    """This page of the list no longer exists. Start again from its first page."""

    code = "page_gone"


def write_cursor(user: User, key: UUID) -> str:
    """Return what leads to whoever comes after this person's row."""
    raw = json.dumps([user.family_name, user.given_name, str(key)]).encode()
    return base64.urlsafe_b64encode(raw).decode()


def after(cursor: str, key: str) -> Q:
    """Return what comes after a cursor in rows of users, ``key`` being the rows' own; raises ``page_gone``."""
    family, given, last = _read(cursor)
    same_family = Q(user__family_name=family)
    return (
        Q(user__family_name__gt=family)
        | same_family & Q(user__given_name__gt=given)
        | same_family & Q(user__given_name=given, **{f"{key}__gt": last})
    )


def _read(cursor: str) -> tuple[str, str, UUID]:
    try:
        family, given, last = json.loads(base64.urlsafe_b64decode(cursor))
        return str(family), str(given), UUID(last)
    except (ValueError, TypeError) as error:
        raise PageGone from error
