"""What one user did with a message for herself: read it, or put it back to the unread ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.kernel import clock
from core.messaging.models import Mark

if TYPE_CHECKING:
    from uuid import UUID

    from core.messaging.models import Message


def mark_read(*, user_id: UUID | None, message: Message, read: bool = True) -> None:
    """Keep that the user has opened the message, or that she wants to see it as new again. Repeatable."""
    if user_id is None:
        return
    Mark.objects.update_or_create(user_id=user_id, message=message, defaults={"read_at": clock.now() if read else None})
