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
    "mandate_asked": N_("Mandate asked for"),
    "mandate_changed": N_("Mandate changed"),
    "mandate_ended": N_("Mandate ended"),
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
    "document_placed": N_("Document taken into a message"),
    "batch_started": N_("Files for many clients handed in"),
    "batch_discarded": N_("Files for many clients deleted"),
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
    "representative_entered": N_("Representative entered as a party"),
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
# What concerns a person's own access: in her history, and where the caisse looks after its people.
OF_ACCESS = {
    "signed_in": N_("Signed in"),
    "signed_out": N_("Signed out"),
    "sign_in_refused": N_("Sign-in refused"),
    "code_sent": N_("Code sent"),
    "code_refused": N_("Code refused"),
    "factor_refused": N_("Second factor refused"),
    "reentered": N_("Confirmed once more"),
    "session_revoked": N_("Sessions ended"),
    "incident_taken": N_("Report taken in hand by the caisse"),
    "incident_settled": N_("Report settled"),
    "activation_opened": N_("Activation begun"),
    "activation_completed": N_("Activation completed"),
    "activation_joined": N_("Activation taken into an account"),
    "invitation_sent": N_("Activation code sent"),
    "activation_opened_again": N_("Activation begun again"),
    "factor_added": N_("Second factor set up"),
    "factor_renamed": N_("Second factor renamed"),
    "factor_removed": N_("Second factor removed"),
    "recovery_codes_made": N_("Recovery codes made"),
    "recovery_code_used": N_("Recovery code used"),
    "device_remembered": N_("Browser remembered"),
    "device_forgotten": N_("Browser forgotten"),
    "password_changed": N_("Password changed"),
    "password_forgotten": N_("New password chosen with a code"),
    "provisional_password_issued": N_("Password for the first sign-in issued"),
    "email_changed": N_("E-mail changed"),
    "mobile_changed": N_("Mobile number changed"),
    "profile_changed": N_("Profile changed"),
    "certificate_registered": N_("Certificate registered"),
    "openid_linked": N_("Account elsewhere linked"),
    "password_reset": N_("New password chosen with a code"),
    "password_chosen": N_("Own password chosen"),
    "certificate_removed": N_("Certificate removed"),
    "openid_removed": N_("Link to an account elsewhere undone"),
    "passkey_copied": N_("Copy of a passkey refused"),
    "person_registered": N_("Registered with the employer's code"),
    "member_added": N_("Access given"),
    "staff_invited": N_("Invited"),
    "staff_changed": N_("Roles or themes changed"),
    "staff_blocked": N_("Blocked"),
    "staff_unblocked": N_("Unblocked"),
    "staff_ended": N_("Work here ended"),
}


def name_act(entry: Entry) -> str:
    """Return what was done, in the reader's language; an act without a name by its code."""
    step = EVENT_LABELS.get(entry.action.removeprefix("message_"))
    label = ACTIONS.get(entry.action) or OF_ACCESS.get(entry.action) or OF_MEMBERS.get(entry.action) or step
    return gettext(label) if label else entry.action.replace("_", " ")
