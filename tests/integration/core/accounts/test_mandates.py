"""Mandates between parties: asked, answered, proved, changed, ended; and what a race leaves."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.accounts.mandates import answering, asking, changing, errors, selectors
from core.accounts.mandates.asking import Wanted
from core.accounts.mandates.settings import MandatesSection
from core.accounts.mandates.terms import Terms, clean_terms
from core.accounts.models import Mandate, MandateRequest
from core.accounts.policy import caisse_today, offered_themes
from core.accounts.seats import build_actor, list_seats
from core.audit.models import Entry
from core.configuration import configuration
from core.configuration.services import change_sections
from core.kernel.errors import NotFound, NotPermitted
from core.kernel.periods import add_months
from core.outbox.models import Entry as Waiting
from core.outbox.services import drain
from tenants.scope import tenant_transaction
from tests.support.outbox import list_kept
from tests.support.people import make_mandate, make_member, make_party, make_user
from tests.support.racing import race

ALL = {"themes": None, "document_types": None, "may_act": True, "valid_until": None}


@pytest.fixture
def today(office):
    return caisse_today(office.caisse)


@pytest.fixture
def terms(today):
    return Terms(valid_from=today, **ALL)


@pytest.fixture
def firm(office):
    """The fiduciary's administrator, in her own firm."""
    return office.actor("claire", "firm")


@pytest.fixture
def hugo(office):
    """The administrator of a company without a fiduciary."""
    return office.actor("hugo", "elsewhere")


@pytest.fixture
def told(office):
    """Return every mail that left so far, oldest first."""

    def read():
        return list_kept("mail")

    return read


@pytest.fixture
def steer(office):
    """Set the caisse's section."""

    def change(**values):
        with tenant_transaction(office.caisse):
            change_sections(actor=office_admin, sections=[MandatesSection(**values)])
        configuration.forget()

    office_admin = office.clerk("gilles")
    return change


def wanted(office, terms, party="elsewhere", **values):
    number = office.parties[party].number
    return Wanted(
        **{
            "direction": "act",
            "other_kind": "employer",
            "other_number": number,
            "basis": "agreement",
            "terms": terms,
            **values,
        }
    )


def ask(office, actor, what):
    with tenant_transaction(office.caisse):
        asked = asking.ask_mandate(actor=actor, wanted=what)
    drain(caisse=office.caisse)
    return asked


def in_scope(office, work, **values):
    with tenant_transaction(office.caisse):
        return work(**values)


def seats(office, name):
    with tenant_transaction(office.caisse):
        return [seat.party.name for seat in list_seats(office.users[name].id)]


def test_asked_accepted_and_ended_by_the_other_side(office, firm, hugo, terms):
    asked = ask(office, firm, wanted(office, terms))
    assert "Elsewhere" not in seats(office, "claire")
    given = in_scope(office, answering.accept_request, actor=hugo, request_id=asked.id)
    assert "Elsewhere" in seats(office, "claire")
    in_scope(office, changing.end_mandate, actor=firm, mandate_id=given.id, reason="Plus de mandat")
    assert "Elsewhere" not in seats(office, "claire")
    with tenant_transaction(office.caisse):
        done = [one.action for one in selectors.list_history(given)]
        assert done == ["mandate_ended", "mandate_given"]
        with pytest.raises(errors.MandateChanged):
            changing.end_mandate(actor=hugo, mandate_id=given.id, reason="Encore")


def test_both_sides_are_told_by_mail_and_nobody_by_its_subject(office, firm, hugo, terms, told):
    asked = ask(office, firm, wanted(office, terms))
    assert [mail["to"] for mail in told()] == ["hugo@example.ch"]
    in_scope(office, answering.accept_request, actor=hugo, request_id=asked.id)
    drain(caisse=office.caisse)
    assert sorted(mail["to"] for mail in told()[1:]) == ["claire@example.ch", "hugo@example.ch"]
    assert not any("Elsewhere" in mail["subject"] or "Firm" in mail["subject"] for mail in told())


def test_who_asks_does_not_learn_whether_a_number_exists(office, firm, terms):
    seen = []
    for number in (office.parties["elsewhere"].number, "100-0000.0"):
        with tenant_transaction(office.caisse), CaptureQueriesContext(connection) as queries:
            asked = asking.ask_mandate(actor=firm, wanted=wanted(office, terms, other_number=number))
        seen.append([re.sub(r"[\d_x]+", "?", one["sql"])[:40] for one in queries])
        drain(caisse=office.caisse)
        with tenant_transaction(office.caisse):
            shown = selectors.access_request(firm, asked.id)
            assert (shown.state, shown.other_number) == ("waiting", number)
    assert seen[0] == seen[1]
    with tenant_transaction(office.caisse):
        assert [one.to_party_id for one in MandateRequest.objects.order_by("asked_at")] == [
            office.parties["elsewhere"].id,
            None,
        ]
        assert Waiting.objects.filter(topic=asking.FIND).count() in {0, 2}


def test_number_is_found_however_it_is_punctuated(office, firm, hugo, terms):
    number = office.parties["elsewhere"].number.replace("-", "").replace(".", " ")
    asked = ask(office, firm, wanted(office, terms, other_number=number))
    assert in_scope(office, answering.accept_request, actor=hugo, request_id=asked.id).state == "accepted"


def test_only_the_own_administrator_answers_and_asks(office, firm, hugo, terms):
    asked = ask(office, firm, wanted(office, terms))
    beat, of_client, anne = office.actor("beat"), office.actor("claire", "factory"), office.actor("anne")
    with tenant_transaction(office.caisse):
        for foreign in (anne, firm):
            with pytest.raises(NotFound):
                answering.accept_request(actor=foreign, request_id=asked.id)
        for nobody in (beat, of_client, replace(hugo, token_id=uuid4())):
            with pytest.raises(NotPermitted):
                answering.accept_request(actor=nobody, request_id=asked.id)
            with pytest.raises(NotPermitted):
                asking.ask_mandate(actor=nobody, wanted=wanted(office, terms))


def test_what_stands_already_is_refused_in_words(office, firm, terms):
    ask(office, firm, wanted(office, terms))
    with tenant_transaction(office.caisse):
        with pytest.raises(errors.MandateAskedAlready):
            asking.ask_mandate(actor=firm, wanted=wanted(office, terms))
        with pytest.raises(errors.MandateOverlaps):
            asking.ask_mandate(actor=firm, wanted=wanted(office, terms, "factory"))
        with pytest.raises(errors.MandateNumberMissing):
            asking.ask_mandate(actor=firm, wanted=wanted(office, terms, "firm", other_kind="agent"))
        other = next(slug for slug in offered_themes(office.caisse) if slug != "employees")
        apart = replace(terms, themes=(other,))
        asking.ask_mandate(actor=firm, wanted=wanted(office, apart, "bakery"))  # employees is covered, this is not


def test_refused_is_not_asked_again_the_next_day(office, firm, hugo, terms):
    asked = ask(office, firm, wanted(office, terms))
    in_scope(office, answering.refuse_request, actor=hugo, request_id=asked.id, reason=" pas  connus ")
    with tenant_transaction(office.caisse):
        assert MandateRequest.objects.get(id=asked.id).reason == "pas connus"
        with pytest.raises(errors.MandateRefusedLately):
            asking.ask_mandate(actor=firm, wanted=wanted(office, terms))


def test_withdrawn_cannot_be_accepted(office, firm, hugo, terms):
    asked = ask(office, firm, wanted(office, terms))
    in_scope(office, asking.withdraw_request, actor=firm, request_id=asked.id)
    with tenant_transaction(office.caisse), pytest.raises(errors.MandateRequestSettled):
        answering.accept_request(actor=hugo, request_id=asked.id)


def test_of_accept_and_withdraw_at_once_only_one_counts(office, firm, hugo, terms):
    asked = ask(office, firm, wanted(office, terms))
    first, second = race(
        office.caisse,
        lambda: answering.accept_request(actor=hugo, request_id=asked.id),
        lambda: asking.withdraw_request(actor=firm, request_id=asked.id),
    )
    assert isinstance(first, Mandate)
    assert isinstance(second, errors.MandateRequestSettled)


def test_two_mandates_for_the_same_theme_at_once_leave_one(office, firm, terms):
    clerk, bakery = office.clerk(), office.parties["elsewhere"]
    enter = lambda: answering.enter_mandate(  # noqa: E731
        actor=clerk, represented=bakery, acting=("agent", office.parties["firm"].number), basis="agreement", terms=terms
    )
    first, second = race(office.caisse, enter, enter)
    assert isinstance(first, Mandate)
    assert isinstance(second, errors.MandateOverlaps)


def test_a_clerk_accepts_a_proof_or_refuses_it_with_a_reason(office, firm, terms):
    proof = wanted(office, terms, basis="power_of_attorney", document_id=uuid4())
    asked = ask(office, firm, proof)
    auditor, clerk = office.clerk("greta"), office.clerk()
    with tenant_transaction(office.caisse):
        for nobody in (firm, auditor):
            with pytest.raises(NotPermitted):
                answering.accept_proof(actor=nobody, request_id=asked.id)
        with pytest.raises(errors.MandateReasonMissing):
            answering.refuse_proof(actor=clerk, request_id=asked.id, reason=" ")
        made = answering.accept_proof(actor=clerk, request_id=asked.id)
    assert (made.basis, made.document_id) == ("power_of_attorney", proof.document_id)
    assert "Elsewhere" in seats(office, "claire")


def test_a_proof_for_nobody_can_only_be_refused(office, firm, terms):
    asked = ask(
        office, firm, wanted(office, terms, other_number="9", basis="law", other_kind="insured", document_id=uuid4())
    )
    clerk = office.clerk()
    with tenant_transaction(office.caisse):
        with pytest.raises(errors.MandatePartyUnknown):
            answering.accept_proof(actor=clerk, request_id=asked.id)
        answering.refuse_proof(actor=clerk, request_id=asked.id, reason="Numéro inconnu")
        assert selectors.count_to_check() == {"waiting": 0, "accepted": 0, "refused": 1}


def test_who_acts_gives_up_rights_and_adds_none(office, terms, today):
    firm, anne = office.actor("claire", "firm"), office.actor("anne")
    with tenant_transaction(office.caisse):
        given = Mandate.objects.get(acting_party=office.parties["firm"], for_party=office.parties["factory"])
        less = Terms(("employees",), None, False, given.valid_from, None)
        changed = changing.change_mandate(actor=firm, mandate_id=given.id, terms=less, seen=1)
        assert (changed.themes, changed.may_act, changed.revision) == (["employees"], False, 2)
        with pytest.raises(errors.MandateWidened):
            changing.change_mandate(actor=firm, mandate_id=given.id, terms=replace(less, may_act=True), seen=2)
        with pytest.raises(errors.MandateChanged):
            changing.change_mandate(actor=anne, mandate_id=given.id, terms=replace(less, may_act=True), seen=1)
        changing.change_mandate(actor=anne, mandate_id=given.id, terms=replace(less, may_act=True), seen=2)
    rights = dict(office.actor("claire", "factory").rights)
    assert {slug: right.act for slug, right in rights.items()} == {"employees": True}


def test_a_mandate_by_law_is_ended_by_its_holder_or_the_caisse(office, today):
    with tenant_transaction(office.caisse):
        ward = make_party("Ward", kind="insured")
        law = make_mandate(office.parties["elsewhere"], ward, basis="law")
        make_mandate(ward)
        user = make_user("ward")
        make_member(user, ward)
        own = build_actor(user, ward.id)
        with pytest.raises(errors.MandateByLaw):
            changing.end_mandate(actor=own, mandate_id=law.id, reason="Non")
    clerk = office.clerk()
    in_scope(office, changing.end_mandate, actor=clerk, mandate_id=law.id, reason="Décision levée")


def test_foreign_mandates_do_not_exist(office, hugo):
    with tenant_transaction(office.caisse):
        given = Mandate.objects.exclude(basis="self").first()
        for work in (
            lambda: changing.access_mandate(hugo, given.id),
            lambda: changing.end_mandate(actor=hugo, mandate_id=given.id, reason="Non"),
        ):
            with pytest.raises(NotFound):
                work()


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"themes": []}, errors.MandateTermsNotValid),
        ({"themes": ["nothing"]}, errors.MandateTermsNotValid),
        ({"themes": ["employees"], "document_types": ["salary_declaration.annual"]}, errors.MandateTermsNotValid),
        ({"valid_until": dt.date(2020, 1, 1)}, errors.MandateDatesNotValid),
    ],
)
def test_terms_that_cannot_be(office, today, values, error):
    with tenant_transaction(office.caisse), pytest.raises(error):
        clean_terms(**{**ALL, "valid_from": today, **values})


def test_a_limit_of_the_caisse_needs_an_end(office, today, steer):
    steer(longest_months=12)
    with tenant_transaction(office.caisse):
        with pytest.raises(errors.MandateNeedsEnd):
            clean_terms(**{**ALL, "valid_from": today})
        last = add_months(today, 12)
        assert clean_terms(**{**ALL, "valid_from": today, "valid_until": last}).valid_until == last


def test_trail_says_who_asked(office, firm, terms):
    asked = ask(office, firm, wanted(office, terms))
    with tenant_transaction(office.caisse):
        entry = Entry.objects.get(object_id=str(asked.id))
        assert (entry.action, entry.actor_name) == ("mandate_asked", firm.name)
