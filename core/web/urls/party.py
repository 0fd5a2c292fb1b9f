"""A party's pages, under /p/<party>/."""

from __future__ import annotations

from django.urls import include, path, register_converter

from core.kernel.text import N_
from core.messaging.states import Box
from core.web.areas import ACTING, COMPANY, WITH_CAISSE, AreaPage
from core.web.company import acting
from core.web.urls.writing import ROUTES
from core.web.views import delivery, dossier, mailbox, sending, terms
from core.web.writing import PORTAL, list_routes


class BoxConverter:
    """One of the five boxes."""

    regex = "|".join(str(box) for box in Box)

    def to_python(self, value: str) -> str:
        """Keep the name."""
        return value

    def to_url(self, value: str) -> str:
        """Keep the name."""
        return value


COMPANY.add_page(
    AreaPage(
        "party_opened",
        N_("Who opened my data"),
        N_("Who of the caisse looked at your cases, documents and file, on which day and why."),
        order=45,
        kinds=frozenset(acting.PERSONS),
        group=ACTING,
    )
)
COMPANY.add_page(
    AreaPage(
        "party_delivery",
        N_("Delivery of documents"),
        N_("Which documents come in the portal alone, and which by post as well."),
        order=60,
        group=WITH_CAISSE,
    )
)
COMPANY.add_page(
    AreaPage(
        "party_terms",
        N_("Terms of use"),
        N_("What was agreed with the caisse, by whom and when."),
        order=70,
        group=WITH_CAISSE,
    )
)
COMPANY.add_page(
    AreaPage(
        "party_tokens",
        N_("Access for programs"),
        N_("Keys with which your own programs send and fetch for the company."),
        order=80,
        administrators_only=True,
        group=WITH_CAISSE,
    )
)
register_converter(BoxConverter, "box")
_MESSAGE = "m/<uuid:message_id>/"

urlpatterns = [
    *list_routes(_MESSAGE, PORTAL, ROUTES),
    path("", mailbox.dashboard, name="party_dashboard"),
    path("<box:box>/", mailbox.box, name="party_box"),
    path("<box:box>/export.xlsx", mailbox.export, name="party_box_export"),
    path("new/", mailbox.choose_type, name="party_new"),
    path("new/<slug:theme>/<str:type_key>/", mailbox.start, name="party_start"),
    path(_MESSAGE, mailbox.message, name="message"),
    path(f"{_MESSAGE}rows.xlsx", mailbox.export_rows, name="message_rows_export"),
    path(f"{_MESSAGE}read/", mailbox.mark, name="message_mark"),
    path(f"{_MESSAGE}sent/", sending.sent, name="message_sent"),
    path(f"{_MESSAGE}withdraw/", sending.withdraw, name="message_withdraw"),
    path(f"{_MESSAGE}replace/", sending.replace, name="message_replace"),
    path(f"{_MESSAGE}acknowledge/", sending.acknowledge, name="message_acknowledge"),
    path(f"{_MESSAGE}receipt.pdf", sending.receipt, name="message_receipt"),
    path("dossier/<slug:theme>/", dossier.show, name="party_dossier"),
    path("documents/<uuid:document_id>/", dossier.download, name="party_document"),
    path("company/", include("core.web.company.urls")),
    path("opened/", acting.opened, name="party_opened"),
    path("opened/export.xlsx", acting.export_opened, name="party_opened_export"),
    path("delivery/", delivery.show, name="party_delivery"),
    path("terms/", terms.show, name="party_terms"),
    path("access/", dossier.tokens, name="party_tokens"),
    path("access/<uuid:token_id>/revoke/", dossier.revoke_token, name="party_token_revoke"),
]
