"""The clerks' desk, under /clerk/."""

from __future__ import annotations

from django.urls import include, path

from core.web.incidents import desk as incidents
from core.web.urls.writing import ROUTES
from core.web.views import (
    desk,
    desk_access,
    desk_certificates,
    desk_ending,
    desk_figures,
    desk_mandates,
    desk_members,
    desk_parties,
    desk_proposals,
    desk_queue,
    desk_record,
    desk_replies,
    desk_search,
    desk_teams,
)
from core.web.writing import DESK, list_routes

_MESSAGE = "m/<uuid:message_id>/"
_INCIDENT = "incidents/<uuid:incident_id>/"
_USER = "parties/<uuid:party_id>/users/<uuid:member_id>/"

urlpatterns = [
    path("", desk_queue.queue, name="desk_queue"),
    path("export.xlsx", desk_queue.export, name="desk_export"),
    path("many/", desk_queue.many, name="desk_many"),
    path("statistics/", desk_figures.statistics, name="desk_statistics"),
    path("statistics/export.xlsx", desk_figures.export, name="desk_statistics_export"),
    path("search/", desk_search.search, name="desk_search"),
    path("search/export.xlsx", desk_search.export, name="desk_search_export"),
    path("parties/export.xlsx", desk_parties.export_parties, name="desk_parties_export"),
    path("parties/", desk_parties.parties, name="desk_parties"),
    path("parties/<uuid:party_id>/", desk_parties.party, name="desk_party"),
    path("parties/<uuid:party_id>/messages.xlsx", desk_parties.export, name="desk_party_export"),
    path("parties/<uuid:party_id>/all/<slug:part>/", desk_parties.party_part, name="desk_party_part"),
    path("parties/<uuid:party_id>/access/", desk_access.access, name="desk_party_access"),
    path("returned-letters/", desk_access.returned, name="desk_returned_letters"),
    path("parties/<uuid:party_id>/users/<uuid:membership_id>/", desk_members.show, name="desk_member"),
    path("parties/<uuid:party_id>/users/<uuid:membership_id>/cap/", desk_members.cap, name="desk_member_cap"),
    path(
        "parties/<uuid:party_id>/users/<uuid:membership_id>/appoint/", desk_members.appoint, name="desk_member_appoint"
    ),
    path(f"{_USER}certificates/", desk_certificates.show, name="desk_user_certificates"),
    path(f"{_USER}certificates/<uuid:key_id>/remove/", desk_certificates.remove, name="desk_user_certificate_remove"),
    path("parties/<uuid:party_id>/ending/", desk_ending.show, name="desk_party_ending"),
    path(
        "parties/<uuid:party_id>/ending/<uuid:ending_id>/",
        desk_ending.take_back,
        name="desk_party_ending_take_back",
    ),
    path("parties/<uuid:party_id>/flag/", desk_parties.flag, name="desk_party_flag"),
    path("parties/<uuid:party_id>/mandates/new/", desk_mandates.enter, name="desk_mandates_enter"),
    path("parties/<uuid:party_id>/mandates/many/", desk_mandates.many, name="desk_mandates_many"),
    path("mandates/template.xlsx", desk_mandates.template, name="desk_mandates_template"),
    path("mandates/", desk_mandates.to_check, name="desk_mandates"),
    path("mandates/export.xlsx", desk_mandates.export, name="desk_mandates_export"),
    path("mandates/check/<uuid:proof_id>/", desk_mandates.check, name="desk_mandates_check"),
    path("mandates/<uuid:mandate_id>/", desk_mandates.show, name="desk_mandate"),
    path("mandates/<uuid:mandate_id>/change/", desk_mandates.change, name="desk_mandate_change"),
    path("applications/", include("core.web.enrolment.desk_urls")),
    path("teams/", desk_teams.teams, name="desk_teams"),
    path("teams/export.xlsx", desk_teams.export, name="desk_teams_export"),
    path("teams/save/", desk_teams.save, name="desk_team_save"),
    path("teams/<uuid:team_id>/remove/", desk_teams.remove, name="desk_team_remove"),
    path("replies/", desk_replies.replies, name="desk_replies"),
    path("replies/export.xlsx", desk_replies.export, name="desk_replies_export"),
    path("replies/new/", desk_replies.write, name="desk_reply_new"),
    path("replies/<uuid:reply_id>/", desk_replies.write, name="desk_reply"),
    path("replies/<uuid:reply_id>/remove/", desk_replies.remove, name="desk_reply_remove"),
    path(f"{_MESSAGE}insert/", desk_replies.insert, name="desk_insert"),
    path(_MESSAGE, desk.message, name="desk_message"),
    path(f"{_MESSAGE}rows/", desk.rows_page, name="desk_rows"),
    path(f"{_MESSAGE}rows.xlsx", desk.export_rows, name="desk_rows_export"),
    path(f"{_MESSAGE}take/", desk.take, name="desk_take"),
    path(f"{_MESSAGE}assign/", desk.assign, name="desk_assign"),
    path(f"{_MESSAGE}snooze/", desk.snooze, name="desk_snooze"),
    path(f"{_MESSAGE}wake/", desk.wake, name="desk_wake"),
    path(f"{_MESSAGE}ask/", desk.ask_back, name="desk_ask_back"),
    path(f"{_MESSAGE}cancel-question/", desk.cancel_question, name="desk_cancel_question"),
    path(f"{_MESSAGE}decide/", desk.decide, name="desk_decide"),
    path(f"{_MESSAGE}close/", desk.close, name="desk_close"),
    path(f"{_MESSAGE}refuse/", desk.refuse, name="desk_refuse"),
    path(f"{_MESSAGE}propose/", desk_proposals.propose, name="desk_propose"),
    path(f"{_MESSAGE}confirm/", desk_proposals.confirm, name="desk_confirm"),
    path(f"{_MESSAGE}send-back/", desk_proposals.send_back, name="desk_send_back"),
    path(f"{_MESSAGE}take-back/", desk_proposals.take_back, name="desk_take_back"),
    path(f"{_MESSAGE}proposal.pdf", desk_proposals.preview, name="desk_proposal"),
    path(f"{_MESSAGE}receipt.pdf", desk.receipt, name="desk_receipt"),
    path("documents/<uuid:document_id>/", desk.document, name="desk_document"),
    path("incidents/", incidents.incidents, name="desk_incidents"),
    path("incidents/export.xlsx", incidents.export, name="desk_incidents_export"),
    path("incidents/new/", incidents.report, name="desk_incident_report"),
    path(_INCIDENT, incidents.incident, name="desk_incident"),
    path(f"{_INCIDENT}receipt.pdf", incidents.receipt, name="desk_incident_receipt"),
    path(f"{_INCIDENT}take/", incidents.take, name="desk_incident_take"),
    path(f"{_INCIDENT}give-back/", incidents.give_back, name="desk_incident_give_back"),
    path(f"{_INCIDENT}enrol/", incidents.enrol, name="desk_incident_enrol"),
    path(f"{_INCIDENT}close/", incidents.close, name="desk_incident_close"),
    path("record/", desk_record.begin, name="desk_record"),
    *list_routes(f"record/{_MESSAGE}", DESK, ROUTES),
]
