"""The sheet with a code that a company's administrator prints for a colleague who has no e-mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.accounts.names import is_user_number, show_name
from core.accounts.post import postal_address
from core.letters.services import new_reference
from core.letters.sheets import Sheet
from core.letters.texts import FOR_COLLEAGUES

if TYPE_CHECKING:
    from datetime import datetime

    from core.accounts.models import Membership


def make_sheet(member: Membership, *, code: str, until: datetime) -> Sheet:
    """Return it with the company's address in the window, within the caller's scope; the code exists nowhere else."""
    user, company = member.user, member.party
    return Sheet(
        address=(user.name, *(postal_address(company) or (company.name,))),
        name=user.name,
        reference=new_reference(),
        code=code,
        language=user.language,
        notice=FOR_COLLEAGUES,
        until=until,
        login=show_name(user.sign_in_name) if is_user_number(user.sign_in_name) else "",
    )
