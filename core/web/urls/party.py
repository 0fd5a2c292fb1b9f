"""A party's pages, under /p/<party>/."""

from __future__ import annotations

from django.urls import path, register_converter

from core.messaging.states import Box
from core.web.views import contents, dossier, mailbox, sending


class BoxConverter:
    """One of the five boxes."""

    regex = "|".join(str(box) for box in Box)

    def to_python(self, value: str) -> str:
        """Keep the name."""
        return value

    def to_url(self, value: str) -> str:
        """Keep the name."""
        return value


register_converter(BoxConverter, "box")
_MESSAGE = "m/<uuid:message_id>/"

urlpatterns = [
    path("", mailbox.dashboard, name="party_dashboard"),
    path("<box:box>/", mailbox.box, name="party_box"),
    path("<box:box>/export.xlsx", mailbox.export, name="party_box_export"),
    path("new/", mailbox.choose_type, name="party_new"),
    path("new/<slug:theme>/<str:type_key>/", mailbox.start, name="party_start"),
    path(_MESSAGE, mailbox.message, name="message"),
    path(f"{_MESSAGE}read/", mailbox.mark, name="message_mark"),
    path(f"{_MESSAGE}edit/", contents.edit, name="message_edit"),
    path(f"{_MESSAGE}rows/", contents.rows_page, name="message_rows"),
    path(f"{_MESSAGE}rows/add/", contents.add_row, name="message_row_add"),
    path(f"{_MESSAGE}rows/paste/", contents.paste, name="message_rows_paste"),
    path(f"{_MESSAGE}rows/last-year/", contents.carry_over, name="message_rows_carry_over"),
    path(f"{_MESSAGE}rows/<int:number>/", contents.row, name="message_row"),
    path(f"{_MESSAGE}rows/<int:number>/copy/", contents.copy_row, name="message_row_copy"),
    path(f"{_MESSAGE}rows/<int:number>/remove/", contents.remove_row, name="message_row_remove"),
    path(f"{_MESSAGE}upload/", contents.upload, name="message_upload"),
    path(f"{_MESSAGE}template.<str:ending>", contents.template, name="message_template"),
    path(f"{_MESSAGE}attach/", contents.attach, name="message_attach"),
    path(f"{_MESSAGE}job/", contents.job, name="message_job"),
    path(f"{_MESSAGE}review/", sending.review, name="message_review"),
    path(f"{_MESSAGE}findings/<int:finding_id>/justify/", sending.justify, name="finding_justify"),
    path(f"{_MESSAGE}marked.xlsx", sending.marked, name="message_marked"),
    path(f"{_MESSAGE}send/", sending.send, name="message_send"),
    path(f"{_MESSAGE}sent/", sending.sent, name="message_sent"),
    path(f"{_MESSAGE}discard/", sending.discard, name="message_discard"),
    path(f"{_MESSAGE}withdraw/", sending.withdraw, name="message_withdraw"),
    path(f"{_MESSAGE}replace/", sending.replace, name="message_replace"),
    path(f"{_MESSAGE}acknowledge/", sending.acknowledge, name="message_acknowledge"),
    path(f"{_MESSAGE}receipt.pdf", sending.receipt, name="message_receipt"),
    path("dossier/<slug:theme>/", dossier.show, name="party_dossier"),
    path("documents/<uuid:document_id>/", dossier.download, name="party_document"),
    path("access/", dossier.tokens, name="party_tokens"),
    path("access/<uuid:token_id>/revoke/", dossier.revoke_token, name="party_token_revoke"),
]
