"""What a caisse's administrators are told when somebody takes her data or wants to delete it: audit entry and mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.formats import date_format

from core.accounts.staff.selectors import list_administrators
from core.audit.services import record
from core.kernel.text import N_
from core.notices.services import send_mail
from core.notices.texts import Notice, declare
from core.outbox.services import hand_over
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from core.kernel.actors import Actor
    from core.kernel.issues import Scalar
    from tenants.scope import CaisseRef

EXPORTED = declare(
    Notice(
        code="caisse_exported",
        subject=N_("%(caisse)s: an export was made"),
        body=N_(
            "The operator of the platform (%(operator)s) has made an export of all data and documents"
            " of %(caisse)s.\n\n"
            "It is encrypted to this key: %(key)s. Only who has the other half of it can read the export.\n\n"
            "If you did not ask for it, or do not know the key, speak to the operator at once."
        ),
        fields=frozenset({"operator", "key"}),
    )
)
DELETION_ASKED = declare(
    Notice(
        code="caisse_deletion_asked",
        subject=N_("%(caisse)s is to be deleted"),
        body=N_(
            "The operator of the platform (%(operator)s) wants to delete %(caisse)s with all data and documents"
            " on %(day)s. Until then the portal is closed and nothing is lost.\n\n"
            "Before that day you can have an export of everything, encrypted to a key of yours."
            " If you did not ask for the deletion, speak to the operator at once: it can be cancelled until that day."
        ),
        fields=frozenset({"operator", "day"}),
    )
)
DELETION_NEAR = declare(
    Notice(
        code="caisse_deletion_near",
        subject=N_("%(caisse)s will soon be deleted"),
        body=N_(
            "%(caisse)s will be deleted with all data and documents on %(day)s, as was announced.\n\n"
            "This is the last time to ask the operator for an export, or to have the deletion cancelled."
        ),
        fields=frozenset({"day"}),
    )
)
DELETION_CANCELLED = declare(
    Notice(
        code="caisse_deletion_cancelled",
        subject=N_("%(caisse)s is not deleted"),
        body=N_(
            "The operator of the platform (%(operator)s) has cancelled the deletion of %(caisse)s. All data is there."
        ),
        fields=frozenset({"operator"}),
    )
)


def tell(
    *,
    actor: Actor,
    caisse: CaisseRef,
    notice: Notice,
    fields: Mapping[str, str],
    day: date | None = None,
    data: Mapping[str, Scalar] | None = None,
) -> int:
    """Note it in the caisse's audit trail and write to her administrators; return to how many it went.

    Outside any scope. The mails leave at once, since in a closed caisse all else waits.
    """
    with tenant_transaction(caisse):
        record(actor=actor, action=notice.code, object_type="caisse", object_id=caisse.id, data=dict(data or {}))
        mails = []
        for user in list_administrators():
            said = {**fields, **({"day": _written(day, user.language)} if day else {})}
            to = str(user.contact_email)
            mails.append(send_mail(notice=notice, to=to, language=user.language, fields=said))
    return hand_over(caisse=caisse, entry_ids=mails)


def _written(day: date, language: str) -> str:
    with translation.override(language):
        return date_format(day, "DATE_FORMAT")
