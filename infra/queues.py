"""The queues and what runs in each: one worker process polls exactly one of them."""

from __future__ import annotations

OUTBOX = "relais_outbox"
SCHEDULE = "relais_schedule"
QUEUES = (OUTBOX, SCHEDULE)
