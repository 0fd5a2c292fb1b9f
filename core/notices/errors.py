"""Why a text cannot be sent."""

from __future__ import annotations

from core.kernel.errors import InvalidInput, Unavailable


class SmsNumberNotServed(InvalidInput):
    """No SMS is sent to numbers of this country. Contact us to use another way to sign in."""

    code = "sms_number_not_served"


class SmsBudgetSpent(Unavailable):
    """No more SMS can be sent at the moment. Try again in an hour or contact us."""

    code = "sms_budget_spent"
