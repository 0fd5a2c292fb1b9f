"""What the acts of the audit trail are called, for every page that lists some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext

from core.accounts.memberships.wording import ACTIONS as OF_MEMBERS
from core.kernel.text import N_
from core.messaging.states import EVENT_LABELS

if TYPE_CHECKING:
    from core.audit.models import Entry

ACTIONS = {
    "message_requested": N_("Request of the caisse"),
    "message_started": N_("Draft begun"),
    "finding_justified": N_("Reason written"),
    "decision_published": N_("Decision published"),
    "mandate_given": N_("Mandate given"),
    "mandate_confirmed": N_("Mandate confirmed"),
    "mandate_paused": N_("Mandate paused"),
    "mandate_request_accepted": N_("Request for a mandate accepted"),
    "mandate_request_refused": N_("Request for a mandate refused"),
    "mandate_request_withdrawn": N_("Request for a mandate taken back"),
    "document_stored": N_("Document received"),
    "document_cleared": N_("Document examined and accepted"),
    "document_refused": N_("Document refused"),
    "document_published": N_("Document published"),
    "document_discarded": N_("Document deleted"),
    "token_created": N_("Access for a program made"),
    "token_revoked": N_("Access for a program ended"),
    "delivery_chosen": N_("Delivery of documents chosen"),
    "access_code_made": N_("Code for the access made"),
    "letter_returned": N_("Activation letter came back"),
    "party_ending_announced": N_("End of the access entered"),
    "party_ending_running": N_("Read only, or access suspended"),
    "party_ending_done": N_("End of the access carried out"),
    "party_ending_cancelled": N_("End of the access taken back"),
    "affiliation_dated": N_("Beginning of the affiliation entered"),
    "party_flagged": N_("File opened to named clerks only"),
    "party_unflagged": N_("File opened to all clerks"),
    "incident_reported": N_("Access reported and blocked"),
    "mandate_accepted": N_("Mandate accepted"),
    "mandate_refused": N_("Mandate refused"),
    "terms_accepted": N_("Terms of use accepted"),
    "terms_refused": N_("Terms of use refused"),
    "terms_acknowledged": N_("Terms of use acknowledged"),
    "agreement_begun": N_("Year of the agreement begun"),
    "agreement_announced": N_("Renewal of the agreement announced"),
    "agreement_renewed": N_("Agreement renewed for a year"),
    "agreement_ended": N_("Agreement ended"),
}


def name_act(entry: Entry) -> str:
    """Return what was done, in the reader's language; an act without a name by its code."""
    step = EVENT_LABELS.get(entry.action.removeprefix("message_"))
    label = ACTIONS.get(entry.action) or OF_MEMBERS.get(entry.action) or step
    return gettext(label) if label else entry.action.replace("_", " ")
