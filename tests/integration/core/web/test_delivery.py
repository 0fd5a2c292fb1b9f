"""How documents reach a party: the caisse's rule, her own choice, and the letter that follows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import settings

from core.accounts.models import Party
from core.configuration.registry import list_faults
from core.configuration.sections import DeliveryRule, DeliverySection
from core.configuration.services import change_sections
from core.documents import delivery
from core.documents.delivery import DeliveryNotOpen
from core.messaging import desk, papers
from core.notices import ports
from core.outbox.services import drain
from tenants.scope import tenant_transaction
from tests.support import mailbox


def set_delivery(office, **values):
    with tenant_transaction(office.caisse):
        change_sections(actor=office.clerk("gilles"), sections=[DeliverySection(**values)])


def give_address(office, **values):
    address = {"street": "Rue du Lac 1", "postcode": "1700", "town": "Fribourg", "country": "CH", **values}
    with tenant_transaction(office.caisse):
        Party.objects.filter(id=office.parties["factory"].id).update(**address)


def decide(office):
    with tenant_transaction(office.caisse):
        sent = mailbox.sent(office.actor())
        desk.take_message(actor=office.clerk(), message=sent)
    return papers.publish_decision(
        caisse=office.caisse, actor=office.clerk(), message_id=sent.id, title="Décision", text="Accepté."
    )


def letters(office):
    drain(caisse=office.caisse)
    found = [json.loads(path.read_text()) for path in Path(settings.DEV_OUTBOX_FOLDER).glob("*.json")]
    return [one for one in found if one["kind"] == "letter"]


def test_employer_chooses_and_the_decision_goes_by_post_with_its_pdf(office):
    set_delivery(office, way="choice")
    give_address(office)
    decide(office)
    assert letters(office) == []
    browser, page = office.browser("anne"), office.url("delivery/")
    assert 'value="electronic" id="decision-electronic" checked' in browser.get(page).content.decode()
    answer = browser.post(page, {"decision": "post", "question": "electronic"}, follow=True)
    assert 'value="post" id="decision-post" checked' in answer.content.decode()
    document = decide(office)
    (letter,) = letters(office)
    assert letter["to"] == "Factory\nRue du Lac 1\n1700 Fribourg"
    assert "Décision" in letter["text"]
    (name,) = letter["enclosures"]
    kept = (Path(settings.DEV_OUTBOX_FOLDER) / name).read_bytes()
    assert kept.startswith(b"%PDF")
    assert len(kept) == document.size_bytes
    at_desk = office.browser("elena").get(f"/clerk/parties/{office.parties['factory'].id}/").content.decode()
    assert "par la poste" in at_desk
    assert "Anne" in at_desk


def test_question_goes_by_post_where_the_caisse_says_so(office):
    set_delivery(office, rules=[DeliveryRule(what="question", way="post")])
    give_address(office)
    with tenant_transaction(office.caisse):
        sent = mailbox.sent(office.actor())
        taken = desk.take_message(actor=office.clerk(), message=sent)
        desk.ask_back(actor=office.clerk(), message=taken, question="Quel canton ?")
    (letter,) = letters(office)
    assert "Quel canton ?" in letter["text"]
    assert "enclosures" not in letter or letter["enclosures"] == []


def test_without_a_complete_address_it_lies_in_the_portal_and_the_desk_sees_why(office):
    set_delivery(office, way="post")
    give_address(office, town="")
    decide(office)
    assert letters(office) == []
    page = office.browser("elena").get(f"/clerk/parties/{office.parties['factory'].id}/").content.decode()
    assert "pas d’adresse complète" in page


def test_only_who_administers_chooses_and_only_what_is_open(office):
    set_delivery(office, way="electronic", rules=[DeliveryRule(what="question", way="choice")])
    colleague = office.browser("beat")
    assert "radio" not in colleague.get(office.url("delivery/")).content.decode()
    assert colleague.post(office.url("delivery/"), {"question": "post"}).status_code == 403
    office.browser("anne").post(office.url("delivery/"), {"decision": "post", "question": "post"})
    with tenant_transaction(office.caisse):
        found = {one.kind.slug: one.way for one in delivery.list_deliveries(office.parties["factory"].id)}
        assert found == {"decision": "electronic", "question": "post"}
        for kind, way in (("decision", "post"), ("question", "pigeon"), ("receipt", "post")):
            with pytest.raises(DeliveryNotOpen):
                delivery.choose_way(actor=office.actor(), party_id=office.parties["factory"].id, kind=kind, way=way)


def test_last_choice_counts_and_another_party_has_her_own(office):
    set_delivery(office, way="choice", unless_chosen="post")
    anne, party = office.actor(), office.parties["factory"].id
    with tenant_transaction(office.caisse):
        for way in ("electronic", "post", "electronic", "electronic"):
            delivery.choose_way(actor=anne, party_id=party, kind="decision", way=way)
        ways = [
            {one.kind.slug: one.way for one in delivery.list_deliveries(one)}["decision"]
            for one in (party, office.parties["bakery"].id)
        ]
    assert ways == ["electronic", "post"]


def test_post_is_refused_where_nobody_prints(monkeypatch):
    monkeypatch.setattr(ports._bound, "letter", None)
    section = DeliverySection(way="choice", rules=[DeliveryRule(what="decision", way="post")])
    assert [fault.partition(":")[0] for fault in list_faults(section)] == ["way", "rules.0.way"]
    assert list_faults(DeliverySection()) == []
