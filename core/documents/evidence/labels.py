"""The words printed on a receipt, in the language that is active."""

from __future__ import annotations

from django.utils.translation import gettext as _


def receipt_labels() -> dict[str, str]:
    """Return every word of the receipt; call it within ``translation.override(language)``."""
    return {
        "title": _("Receipt"),
        "sent": _("Received by %(caisse)s on %(date)s at %(time)s (%(zone)s)"),
        "for_party": _("For"),
        "sent_by": _("Sent by"),
        "on_behalf": _("%(person)s, %(company)s"),
        "channel": _("Way"),
        "channel_portal": _("Portal"),
        "channel_api": _("Program (REST)"),
        "channel_letter": _("Letter, recorded by the fund"),
        "channel_phone": _("Telephone, recorded by the fund"),
        "channel_mail": _("E-mail, recorded by the fund"),
        "assurance": _("Assurance level of the sign-in"),
        "theme": _("Theme"),
        "message_id": _("Message number"),
        "content_digest": _("Digest of the contents (SHA-256)"),
        "summary": _("Summary"),
        "files": _("Files"),
        "no_files": _("No files were attached."),
        "file_and_digest": _("File and its digest (SHA-256)"),
        "size": _("Size"),
        "check": _("Check this receipt"),
        "short_code": _("Short code"),
        "qr_alt": _("QR code that leads to the page where this receipt is checked"),
        "check_offline": _(
            "Online: open the address and compare. Offline: the signed data is attached to this "
            "file, and any change to the file breaks its seal."
        ),
        "key": _("Signed with Ed25519, key %(key)s"),
        "json_attachment": _("The signed data of this receipt"),
        "signature_attachment": _("The signature of the data"),
    }
