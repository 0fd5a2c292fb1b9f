"""Tables of people, parties, what connects them, and the ways in."""

from __future__ import annotations

from core.accounts.models.access import ApiToken, OneTimeCode, RateLimit, Session
from core.accounts.models.activations import Activation
from core.accounts.models.asking import AccessRequest
from core.accounts.models.devices import TrustedDevice
from core.accounts.models.endings import PartyEnding
from core.accounts.models.factors import EnrolledFactor
from core.accounts.models.incidents import Incident
from core.accounts.models.mandate_lists import MandateList
from core.accounts.models.mandates import MandateRequest
from core.accounts.models.outside import OutsideKey
from core.accounts.models.parties import Mandate, Membership, Party
from core.accounts.models.people import StaffMember, User
from core.accounts.models.support import SupportGrant, SupportPass

__all__ = [
    "AccessRequest",
    "Activation",
    "ApiToken",
    "EnrolledFactor",
    "Incident",
    "Mandate",
    "MandateList",
    "MandateRequest",
    "Membership",
    "OneTimeCode",
    "OutsideKey",
    "Party",
    "PartyEnding",
    "RateLimit",
    "Session",
    "StaffMember",
    "SupportGrant",
    "SupportPass",
    "TrustedDevice",
    "User",
]
