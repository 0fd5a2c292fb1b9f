"""Every address of the platform, read from the URL tables themselves, and a scene that fills their parameters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.urls import get_resolver
from django.urls.resolvers import URLPattern

from core.accounts.incidents.helping import actor_of
from core.accounts.incidents.services import Report, report_incident
from core.accounts.memberships.asking import ask_to_join
from core.accounts.memberships.substitutes import name_substitute
from core.accounts.models import MandateList, Membership
from core.accounts.policy import caisse_today
from core.accounts.support.services import Terms, grant_support
from core.accounts.tokens import create_token
from core.documents.selectors import list_documents_of_message
from core.enrolment.models import Application
from core.kernel import clock
from core.kernel.actors import Actor
from core.messaging import desk, desk_proposals, desk_replies, drafts, jobs, rows, sending, transitions
from core.messaging.models import Batch, Job, Message
from core.outbox.services import drain
from core.terms.models import Answer
from tenants.scope import tenant_transaction
from tests.support import letters, mailbox
from tests.support.configuring import set_section
from tests.support.factors import give_app
from tests.support.mandates import make_mandates
from tests.support.terms import make_draft

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

from tests.support.mailbox import Office

CAISSE, PLATFORM = "infra.urls.caisse", "infra.urls.platform"
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Route:
    """One address with its view."""

    pattern: str
    view: Callable[..., Any]

    @property
    def parameters(self) -> list[str]:
        return _PARAMETER.findall(self.pattern)

    @property
    def is_rest(self) -> bool:
        return self.pattern.startswith("/api/")

    @property
    def stated(self) -> str | None:
        """What a page's view says of itself."""
        return getattr(self.view, "policy", None)

    @property
    def policy(self) -> str | None:
        """The policy that holds at this address: who writes is of the party, or of the desk."""
        if self.stated == "writer":
            return "party" if "party" in self.parameters else "desk"
        return self.stated

    @property
    def rest_view(self) -> Any:
        """The class behind a REST address."""
        return self.view.cls

    def path(self, values: dict[str, Any]) -> str:
        """Return the address filled in; a parameter that the scene does not know is an error."""
        return _PARAMETER.sub(lambda found: str(values[found[1]]), self.pattern)

    def __str__(self) -> str:
        return self.pattern


def list_routes(urlconf: str) -> list[Route]:
    """Return every route of a URL table."""
    return list(_walk(get_resolver(urlconf).url_patterns, "/"))


def _walk(patterns: list[Any], prefix: str) -> Iterator[Route]:
    for one in patterns:
        pattern = prefix + str(one.pattern)
        if isinstance(one, URLPattern):
            yield Route(pattern, one.callback)
        else:
            yield from _walk(one.url_patterns, pattern)


def pages(policy: str | None = None) -> list[Route]:
    """Return the pages of a caisse, all or those of one policy."""
    routes = [route for route in list_routes(CAISSE) if not route.is_rest]
    return [route for route in routes if policy in {None, route.policy}]


def rest() -> list[Route]:
    """Return the REST addresses of a caisse that need a token."""
    return [route for route in list_routes(CAISSE) if route.is_rest and hasattr(route.rest_view, "for_desk")]


@dataclass
class Scene:
    """Salary declarations of the factory: sent and taken up, still a draft, being recorded from paper."""

    office: Office
    sent: Message
    draft: Message
    recorded: Message
    values: dict[str, Any]

    def values_of(self, message: Message) -> dict[str, Any]:
        """Return the parameters of every route for one of the messages."""
        return self.values | {"message_id": message.id}

    def snapshot(self) -> list[Any]:
        """Return what no intruder may change."""
        with tenant_transaction(self.office.caisse):
            return [
                list(Message.objects.order_by("id").values()),
                [list(rows.iterate_rows(message)) for message in (self.sent, self.draft, self.recorded)],
                list(Job.objects.order_by("id").values_list("id", "state")),
                [
                    list(message.justifications.order_by("id").values())
                    for message in (self.sent, self.draft, self.recorded)
                ],
                [one.id for one in list_documents_of_message(self.draft.id)],
            ]


def build_scene(office: Office) -> Scene:
    """Make the scene by the services."""
    with tenant_transaction(office.caisse):
        set_section("company_access", clerks_set_themes=True)
        set_section("enrolment", ways=("form", "counter", "invitation", "private"))
    anne = office.actor()
    sent = mailbox.fill_salary(office, anne, _begin(office, anne))
    with tenant_transaction(office.caisse):
        sending.send_message(actor=anne, message=sent, revision=sent.revision, confirmed=True, language="fr")
        sent = transitions.apply(message=sent, transition="take", actor=office.clerk())
        token = create_token(actor=anne, name="Paie").token
    drain(caisse=office.caisse)
    draft = _begin(office, anne)
    with tenant_transaction(office.caisse):
        rows.add_row(message=draft, entries=mailbox.WAGE)
        draft = jobs.invalidate(actor=anne, message=draft, revision=draft.revision)
        job = jobs.request_check(actor=anne, message=draft)
        document = list_documents_of_message(sent.id)[0]
        finding = sent.findings.first()
        recorded = desk.start_record(
            actor=office.clerk(), message_type=mailbox.type_of(mailbox.SALARY), party_id=anne.party_id,
            channel="letter", received_on=date(2026, 1, 5),
        )  # fmt: skip
        rows.add_row(message=recorded, entries=mailbox.WAGE)
        reply = desk_replies.save_reply(
            actor=office.clerk(), reply_id=None, theme=sent.theme, language="fr", title="Rappel", text="Merci."
        )
        desk_proposals.propose(
            actor=office.clerk(), message=sent, wish=desk_proposals.Wish("close", title="Décision", text="Oui.")
        )
    terms_draft = make_draft(office)
    with tenant_transaction(office.caisse):
        on_paper = Answer.objects.create(
            version=terms_draft, kind="accepted", party_id=anne.party_id, user_name="Anne", language="fr",
            sha256="0" * 64, channel="counter", document_id=document.id, at=clock.now(),
        )  # fmt: skip
    now = clock.now()
    membership, substitution, wish = _make_members(office)
    with tenant_transaction(office.caisse):
        allowed = Terms("olga@relais.example", "Panne", now, now + timedelta(hours=1))
        grant = grant_support(actor=office.clerk("gilles"), terms=allowed)
    with tenant_transaction(office.caisse):
        hugo = office.users["hugo"]
        incident = report_incident(actor=actor_of(hugo), user=hugo, report=Report("suspicious", "session", block=False))
    mandate, asked, proof = make_mandates(office)
    with tenant_transaction(office.caisse):
        waiting = Application.objects.create(
            way="form", kind="employer", state="open", reference="ROUTE123", number="1", created_at=clock.now(),
        )  # fmt: skip
        letters.make_insured(1)
        campaign = letters.begin(office.caisse, office.clerk("gilles"))
    give_app(office.caisse, office.users["hugo"])
    with tenant_transaction(office.caisse):
        batch = Batch.objects.create(
            user_id=office.users["hugo"].id, user_name="Hugo", type_key=mailbox.SALARY, state="ready", level=2, language="fr",
            created_at=now, changed_at=now,
        )  # fmt: skip
    lists = _hand_in_lists(office)
    values = {
        "what": "email", "device_id": uuid4(),
        "campaign_id": campaign.id, "batch_id": batch.id, "list_id": lists[0], "desk_list_id": lists[1], "factor": "sms", "factor_id": uuid4(),
        "application_id": waiting.id,
        "mandate_id": mandate.id, "asked_id": asked.id, "proof_id": proof.id,
        "version_id": terms_draft.id, "answer_id": on_paper.id,
        "party": anne.party_id, "box": "inbox", "theme": sent.theme, "type_key": sent.type_key, "number": 1,
        "finding_id": finding.id if finding else 1, "ending": "csv", "document_id": document.id,
        "key": "branding", "token_id": token.id, "job_id": job.id, "version": "0", "name": "logo.svg", "text_code": "messaging.requested", "text_language": "fr", "code": "AAAA-AAAA-AAAA-AAAA",
        "incident_id": incident.id, "session_id": uuid4(), "team_id": uuid4(), "reply_id": reply.id, "party_id": anne.party_id, "part": "history",
        "membership_id": membership, "substitution_id": substitution, "wish_id": wish,
        "member_id": office.users["anne"].id, "key_id": uuid4(), "ending_id": uuid4(),
        "user_id": office.users["felix"].id, "grant_id": grant.id, "signed": "nothing",
    }  # fmt: skip
    return Scene(office, sent, draft, recorded, values)


def _make_members(office: Office) -> tuple[UUID, UUID, UUID]:
    """Let Beat stand in for Anne, and somebody ask for access; return his place, the substitution and the request."""
    nobody, today = office.users["nobody"], caisse_today(office.caisse)
    with tenant_transaction(office.caisse):
        places = Membership.objects.filter(party=office.parties["factory"], substitute_for=None)
        own, his = places.get(user=office.users["anne"]), places.get(user=office.users["beat"])
        actor = Actor(kind="party", name=nobody.name, user_id=nobody.id)
        asked = ask_to_join(actor=actor, user=nobody, number=office.parties["factory"].number)
        # Named for later, so that in the scene he reaches no more than his own themes.
        first = today + timedelta(days=30)
        made = name_substitute(
            actor=office.actor(), membership_id=own.id, by=his.id, first=first, last=first + timedelta(days=5)
        )
    return his.id, made.id, asked.id


def _hand_in_lists(office: Office) -> list[UUID]:
    """Let Anne, and Elena for the factory, have handed in a long list of mandates; return the two."""
    with tenant_transaction(office.caisse):
        made = [
            MandateList.objects.create(
                party=office.parties["factory"], document_id=uuid4(), user_id=office.users[name].id, at_desk=at_desk,
                level=2, language="fr", direction="act", basis="agreement", state="looked", total=1,
                created_at=clock.now(),
            )
            for name, at_desk in (("anne", False), ("elena", True))
        ]  # fmt: skip
    return [one.id for one in made]


def _begin(office: Office, actor: Any) -> Message:
    with tenant_transaction(office.caisse):
        return drafts.start_draft(actor=actor, message_type=mailbox.type_of(mailbox.SALARY), party_id=actor.party_id)


def elsewhere(values: dict[str, Any]) -> dict[str, Any]:
    """Return the same parameters with identifiers of what does not exist."""
    unknown = {name: uuid4() for name in ("message_id", "document_id", "token_id", "job_id")}
    return values | unknown | {"finding_id": 999_999}
