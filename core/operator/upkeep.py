"""Letting go of what ran out: sessions, challenges, counters and links of operators."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from core.kernel import clock
from core.operator.limits import IDLE
from core.operator.models import Enrolment, SpentChallenge
from core.operator.sign_in import counters
from tenants.models import OperatorSession

LINKS_KEPT = timedelta(days=30)


def remove_expired() -> int:
    """Delete what ran out, within a platform scope; return how many rows. What was done stays."""
    now = clock.now()
    dead = [
        OperatorSession.objects.filter(Q(expires_at__lt=now) | Q(last_seen_at__lt=now - IDLE)),
        SpentChallenge.objects.filter(expires_at__lt=now),
        Enrolment.objects.filter(expires_at__lt=now - LINKS_KEPT),
    ]
    return counters.remove_expired() + sum(rows.delete()[0] for rows in dead)
