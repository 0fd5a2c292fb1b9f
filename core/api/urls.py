"""Addresses under /api/v1/."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from core.api.views import configuration, contents, desk, desk_figures, desk_search, mailbox, proposals

app_name = "api"
_MESSAGE = "messages/<uuid:message_id>/"
_DESK = "desk/messages/<uuid:message_id>/"

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("message-types/", contents.TypesView.as_view(), name="types"),
    path("counts/", mailbox.CountsView.as_view(), name="counts"),
    path("messages/", mailbox.MessagesView.as_view(), name="messages"),
    path(_MESSAGE, mailbox.MessageView.as_view(), name="message"),
    path(f"{_MESSAGE}rows/", contents.RowsView.as_view(), name="rows"),
    path(f"{_MESSAGE}files/", contents.FilesView.as_view(), name="files"),
    path(f"{_MESSAGE}check/", mailbox.CheckView.as_view(), name="check"),
    path(f"{_MESSAGE}findings/", contents.FindingsView.as_view(), name="findings"),
    path(f"{_MESSAGE}findings/<int:finding_id>/justify/", contents.JustifyView.as_view(), name="justify"),
    path(f"{_MESSAGE}send/", mailbox.SendView.as_view(), name="send"),
    path(f"{_MESSAGE}withdraw/", mailbox.WithdrawView.as_view(), name="withdraw"),
    path(f"{_MESSAGE}events/", mailbox.EventsView.as_view(), name="events"),
    path(f"{_MESSAGE}receipt/", mailbox.ReceiptView.as_view(), name="receipt"),
    path(f"{_MESSAGE}receipt.pdf", mailbox.ReceiptFileView.as_view(), name="receipt_pdf"),
    path("jobs/<uuid:job_id>/", mailbox.JobView.as_view(), name="job"),
    path("documents/", contents.DocumentsView.as_view(), name="documents"),
    path("documents/<uuid:document_id>/file/", contents.DocumentFileView.as_view(), name="document_file"),
    path("configuration/", configuration.SectionsView.as_view(), name="configuration"),
    path("configuration/<slug:key>/", configuration.SectionView.as_view(), name="configuration_section"),
    path(
        "configuration/<slug:key>/history/",
        configuration.SectionHistoryView.as_view(),
        name="configuration_history",
    ),
    path("desk/queue/", desk.QueueView.as_view(), name="desk_queue"),
    path("desk/colleagues/", desk.ColleaguesView.as_view(), name="desk_colleagues"),
    path("desk/statistics/", desk_figures.StatisticsView.as_view(), name="desk_statistics"),
    path("desk/search/", desk_search.SearchView.as_view(), name="desk_search"),
    path(_DESK, desk.DeskMessageView.as_view(), name="desk_message"),
    path(f"{_DESK}take/", desk.TakeView.as_view(), name="desk_take"),
    path(f"{_DESK}assign/", desk.AssignView.as_view(), name="desk_assign"),
    path(f"{_DESK}snooze/", desk.SnoozeView.as_view(), name="desk_snooze"),
    path(f"{_DESK}wake/", desk.WakeView.as_view(), name="desk_wake"),
    path(f"{_DESK}ask-back/", desk.AskBackView.as_view(), name="desk_ask_back"),
    path(f"{_DESK}cancel-question/", desk.CancelQuestionView.as_view(), name="desk_cancel_question"),
    path(f"{_DESK}decision/", desk.DecisionView.as_view(), name="desk_decision"),
    path(f"{_DESK}proposal/", proposals.ProposalView.as_view(), name="desk_proposal"),
    path(f"{_DESK}proposal/confirm/", proposals.ConfirmView.as_view(), name="desk_confirm"),
    path(f"{_DESK}proposal/send-back/", proposals.SendBackView.as_view(), name="desk_send_back"),
    path(f"{_DESK}proposal/take-back/", proposals.TakeBackView.as_view(), name="desk_take_back"),
    path(f"{_DESK}close/", desk.CloseView.as_view(), name="desk_close"),
    path(f"{_DESK}refuse/", desk.RefuseView.as_view(), name="desk_refuse"),
]
