"""How long a session lives and how often something may be tried; the platform's floor is stricter than a caisse's."""

from __future__ import annotations

from datetime import timedelta

from core.accounts.limiter import Limit

IDLE = timedelta(minutes=30)
LONGEST_SESSION = timedelta(hours=10)
TOUCH = timedelta(minutes=1)
PROOF_VALID = timedelta(minutes=10)
LINK_VALID = timedelta(minutes=60)
SETTING_UP = timedelta(minutes=60)
SHORTEST_PASSWORD = 14

QUARTER_HOUR = 900
TRIES_BY_ACCOUNT = Limit("operator.account", 5, QUARTER_HOUR)
TRIES_BY_ADDRESS = Limit("operator.address", 30, QUARTER_HOUR)
PASSKEYS_BY_ADDRESS = Limit("operator.passkey", 60, QUARTER_HOUR)
