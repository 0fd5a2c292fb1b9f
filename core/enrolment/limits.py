"""How often enrolment may be tried, from one address and for one number."""

from __future__ import annotations

from core.accounts.limiter import Limit
from core.accounts.limits import DAY, HOUR, QUARTER_HOUR

BEGUN_BY_ADDRESS = Limit("enrolment.begun", 20, HOUR)
CODE_SENT_BY_APPLICATION = Limit("enrolment.sent", 5, HOUR)
CODE_SENT_BY_MAIL = Limit("enrolment.mail", 10, DAY)
CODE_TRIED_BY_APPLICATION = Limit("enrolment.tried", 20, DAY)
PRIVATE_BY_ADDRESS = Limit("enrolment.private", 20, QUARTER_HOUR)
PRIVATE_BY_NUMBER = Limit("enrolment.number", 10, DAY)
