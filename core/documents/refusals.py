"""Why a file can be refused, in words that say what to do."""

from __future__ import annotations

from core.kernel.text import N_, Text

REFUSALS: dict[str, Text] = {
    "virus": N_("A virus was found in the file. It was not passed on; have your computer checked."),
    "type_not_accepted": N_(
        "Files of this type are not accepted. Send a PDF, an image (PNG, JPEG, TIFF), a workbook "
        "(XLSX), a text document (DOCX), XML, CSV or plain text."
    ),
    "name_mismatch": N_(
        "The ending of the file's name does not fit its contents. Save the file again in its own program and send that."
    ),
    "executable": N_("The file is a program. Programs are not accepted."),
    "active_content": N_("The file is a web page or drawing with active contents. Send it as a PDF."),
    "pdf_active": N_("The PDF contains a script or an action. Print it to a new PDF file and send that one."),
    "pdf_attachment": N_("The PDF carries a file that cannot be accepted. Send it without its attachments."),
    "encrypted": N_("The file is protected by a password. Save it without one and send it again."),
    "macros": N_("The file contains macros. Save it without macros (XLSX or DOCX) and send it again."),
    "embedded_object": N_("The file contains an embedded object or a live link to another program. Remove it."),
    "old_office": N_("The file has an old Office format. Save it as XLSX, DOCX or PDF and send it again."),
    "two_in_one": N_("The file is of two types at once. Save it again in its own program and send that."),
    "too_much_inside": N_(
        "The file unpacks to far more than it should. Save it again in its own program and send that."
    ),
    "image_too_large": N_("The image has too many pixels. Scan it at a lower resolution."),
    "formula": N_("The text contains formulas that a spreadsheet would run. Remove them."),
    "dtd": N_("The XML declares entities or a document type. Send it without a DOCTYPE."),
    "damaged": N_("The file is damaged or incomplete. Save it again and send it."),
    "took_too_long": N_("The file took too long to check. Save it again in its own program and send that."),
}


def explain(refusal_code: str) -> Text:
    """Return the sentence for a refusal code; an unknown one reads as a damaged file."""
    return REFUSALS.get(refusal_code, REFUSALS["damaged"])
