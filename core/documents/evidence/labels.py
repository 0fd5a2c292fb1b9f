"""The words printed on a receipt, in the language that is active."""

from __future__ import annotations

from django.utils.translation import gettext

from core.kernel.text import N_, Text

LABELS: dict[str, Text] = {
    "title": N_("Receipt"),
    "sent": N_("Received by %(caisse)s on %(date)s at %(time)s (%(zone)s)"),
    "for_party": N_("For"),
    "sent_by": N_("Sent by"),
    "channel": N_("Sent through"),
    "channel_portal": N_("Portal"),
    "channel_api": N_("Program (REST)"),
    "channel_letter": N_("Letter, recorded by the fund"),
    "channel_phone": N_("Telephone, recorded by the fund"),
    "channel_mail": N_("E-mail, recorded by the fund"),
    "assurance": N_("Assurance level of the sign-in"),
    "theme": N_("Theme"),
    "message_id": N_("Message number"),
    "content_digest": N_("Digest of the contents (SHA-256)"),
    "summary": N_("Summary"),
    "files": N_("Files"),
    "no_files": N_("No files were attached."),
    "file_and_digest": N_("File and its digest (SHA-256)"),
    "size": N_("Size"),
    "check": N_("Check this receipt"),
    "short_code": N_("Short code"),
    "qr_alt": N_("QR code that leads to the page where this receipt is checked"),
    "check_offline": N_(
        "Online: open the address and compare. Offline: the signed data is attached to this "
        "file, and any change to the file breaks its seal."
    ),
    "key": N_("Signed with Ed25519, key %(key)s"),
    "json_attachment": N_("The signed data of this receipt"),
    "signature_attachment": N_("The signature of the data"),
}


def receipt_labels() -> dict[str, str]:
    """Return every word of the receipt; call it within ``translation.override(language)``."""
    return {key: gettext(text) for key, text in LABELS.items()}
