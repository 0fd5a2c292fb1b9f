"""What was begun and left lying: drafts go, refused and declined ones lose what nobody needs any more."""

from __future__ import annotations

from datetime import timedelta

from core.enrolment.models import Application
from core.kernel import clock

DRAFT_DAYS = 1
CLOSED_DAYS = 365


def remove_left_lying() -> int:
    """Delete old drafts, and forget who stood in applications that came to nothing a year ago; repeatable."""
    now = clock.now()
    closed = Application.objects.filter(
        state__in=["refused", "declined"], created_at__lt=now - timedelta(days=CLOSED_DAYS)
    ).exclude(people=[], facts={}, email="")
    forgotten = closed.update(people=[], facts={}, email="")
    drafts = Application.objects.filter(state="draft", created_at__lt=now - timedelta(days=DRAFT_DAYS))
    deleted, _ = drafts.delete()
    return forgotten + deleted
