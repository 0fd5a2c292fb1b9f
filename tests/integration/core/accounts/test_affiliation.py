"""The end of a party's use of the portal: entered, carried out on its day, taken back."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.accounts.affiliation import services
from core.accounts.affiliation.carrying_out import carry_out_endings
from core.accounts.affiliation.dates import renunciation_day
from core.accounts.affiliation.errors import (
    DeathProofMissing,
    EndingDayNotValid,
    EndingNotForThisParty,
    EndingNothingChosen,
    EndingOver,
    EndingReasonMissing,
    EndingStands,
)
from core.accounts.invitations.sending import create_activation
from core.accounts.models import (
    Activation,
    ApiToken,
    Mandate,
    MandateRequest,
    Membership,
    Party,
    PartyEnding,
    Session,
    StaffMember,
    User,
)
from core.accounts.policy import caisse_today
from core.accounts.seats import list_seats
from core.accounts.tokens import create_token
from core.audit.models import Entry
from core.catalogue.document_kinds import DECISION
from core.documents.models import Document
from core.kernel import clock
from core.kernel.errors import NotPermitted
from core.kernel.identifiers import new_id
from core.kernel.periods import add_months
from core.messaging.posting import _address
from core.outbox.services import drain
from tenants.scope import tenant_transaction
from tests.support import mailbox
from tests.support.configuring import set_section
from tests.support.days import noon_of
from tests.support.hostile_files import make_pdf
from tests.support.mandates import make_mandates
from tests.support.people import make_mandate, make_member, make_party, make_staff, make_user
from tests.support.rest import program


def today_of(office):
    return caisse_today(office.caisse)


def factory(office):
    return office.parties["factory"].id


def enter(office, service, name="gilles", **values):
    with tenant_transaction(office.caisse):
        return service(actor=office.clerk(name), party_id=factory(office), **values)


def rights(office, name="anne"):
    """Return whether somebody reads and acts at the factory, or None where she has no seat there."""
    with tenant_transaction(office.caisse):
        seats = [seat for seat in list_seats(office.users[name].id) if seat.party.id == factory(office)]
    if not seats:
        return None
    granted = seats[0].rights.values()
    return any(one.read for one in granted), any(one.act for one in granted)


def state(office):
    with tenant_transaction(office.caisse):
        return Party.objects.get(id=factory(office)).state


def pass_days(office, monkeypatch, day):
    """Let it be a later day, and the daily work be done."""
    later = noon_of(office.caisse, day)
    monkeypatch.setattr(clock, "now", lambda: later)
    with tenant_transaction(office.caisse):
        return carry_out_endings()


def written(office):
    drain(caisse=office.caisse)
    return mailbox.take_mails()


def test_affiliation_ends_reads_on_and_closes(office, monkeypatch):
    token = enter(office, lambda actor, party_id: create_token(actor=office.actor(), name="Paie").token)
    last_day = today_of(office) + timedelta(days=10)
    made = enter(office, services.end_affiliation, last_day=last_day)
    assert (made.state, made.takes_effect_on) == ("announced", last_day + timedelta(days=1))
    assert made.ends_on == add_months(made.takes_effect_on, 3)
    assert rights(office) == (True, True)
    announced = office.browser("anne").get(office.url()).content.decode()
    assert f"{made.ends_on:%d.%m.%Y}" in announced
    assert "company/renounce/" in announced
    assert pass_days(office, monkeypatch, last_day) == 0
    assert pass_days(office, monkeypatch, made.takes_effect_on) == 1
    assert (state(office), rights(office)) == ("read_only", (True, False))
    browser = office.browser("anne")
    reading = browser.get(office.url()).content.decode()
    assert f"{made.ends_on:%d.%m.%Y}" in reading
    assert office.url("new/") not in reading
    assert pass_days(office, monkeypatch, made.ends_on - timedelta(days=1)) == 0
    assert pass_days(office, monkeypatch, made.ends_on) == 1
    assert pass_days(office, monkeypatch, made.ends_on) == 0  # whoever comes second does nothing
    assert (state(office), rights(office), rights(office, "claire")) == ("ended", None, None)
    with tenant_transaction(office.caisse):
        assert not Mandate.objects.filter(for_party_id=factory(office), state="accepted").exists()
        assert not Membership.objects.filter(party_id=factory(office), ended_at=None).exists()
        assert ApiToken.objects.get(id=token.id).revoked_at is not None
        assert Party.objects.get(id=factory(office)).affiliated_until == last_day
        actions = list(
            Entry.objects.filter(action__startswith="party_ending").order_by("at").values_list("action", flat=True)
        )
    assert actions == ["party_ending_announced", "party_ending_running", "party_ending_done"]
    # The fiduciary serves others too and stays in; Anne serves nobody else.
    with tenant_transaction(office.caisse):
        ended = Session.objects.filter(user=office.users["anne"]).exclude(ended_at=None)
        assert {one.end_reason for one in ended} == {"affiliation_ended"}


def test_all_concerned_are_told_once_at_each_step(office, monkeypatch):
    written(office)
    made = enter(office, services.end_affiliation, last_day=today_of(office))
    announced = written(office)
    addresses = [one["to"] for one in announced]
    assert {office.users["anne"].contact_email, office.users["claire"].contact_email} <= set(addresses)
    assert len(addresses) == len(set(addresses))
    assert all("Fabrique" not in one["subject"] for one in announced)
    pass_days(office, monkeypatch, made.takes_effect_on)
    assert len(written(office)) == len(announced)


def test_renunciation_in_all_takes_effect_by_the_caisse_s_rule(office, monkeypatch):
    with tenant_transaction(office.caisse):
        set_section("ending", renunciation="within_a_month", renunciation_read_only_months=1)
    with tenant_transaction(office.caisse):
        made = services.renounce(actor=office.actor(), themes=None)
    effect = renunciation_day(today_of(office), "within_a_month")
    assert (made.takes_effect_on, made.ends_on, made.rule) == (effect, add_months(effect, 1), "within_a_month")
    pass_days(office, monkeypatch, effect)
    assert state(office) == "read_only"
    pass_days(office, monkeypatch, made.ends_on)
    assert state(office) == "ended"


def test_renunciation_without_reading_on_closes_at_once(office):
    with tenant_transaction(office.caisse):
        set_section("ending", renunciation="at_once")
    with tenant_transaction(office.caisse):
        services.renounce(actor=office.actor(), themes=None)
    assert (state(office), rights(office)) == ("ended", None)


def test_renounced_themes_are_declined_on_their_day_and_others_go_on(office, monkeypatch):
    with tenant_transaction(office.caisse):
        made = services.renounce(actor=office.actor(), themes=["employees"])
    with tenant_transaction(office.caisse), pytest.raises(EndingNothingChosen):
        services.renounce(actor=office.actor(), themes=["employees"])  # it is on its way already
    pass_days(office, monkeypatch, made.takes_effect_on)
    with tenant_transaction(office.caisse):
        party = Party.objects.get(id=factory(office))
        assert (party.state, party.declined_themes) == ("active", {"employees"})
        [seat] = [one for one in list_seats(office.users["anne"].id) if one.party.id == party.id]
        assert (seat.rights["employees"].act, seat.rights["salary_declaration"].act) == (False, True)
        assert PartyEnding.objects.get().state == "done"


@pytest.mark.parametrize("themes", [[], ["nothing"], ["employees", "nothing"]])
def test_only_own_themes_can_be_renounced(office, themes):
    with tenant_transaction(office.caisse), pytest.raises(EndingNothingChosen):
        services.renounce(actor=office.actor(), themes=themes)


def test_letter_counts_from_its_receipt_and_never_into_the_past(office):
    received = today_of(office) - timedelta(days=200)
    made = enter(office, services.enter_renunciation, themes=None, received_on=received)
    assert (made.takes_effect_on, made.by_letter, made.state) == (today_of(office), True, "done")
    with pytest.raises(EndingDayNotValid):
        enter(
            office, services.enter_renunciation, themes=["employees"], received_on=today_of(office) + timedelta(days=1)
        )


def test_suspension_rests_everything_until_it_is_taken_back(office):
    payroll = program(office, office.actor())
    made = enter(office, services.suspend_party, reason="Abus")
    assert payroll.get("/api/v1/messages/").status_code == 401
    assert (state(office), rights(office), rights(office, "claire")) == ("suspended", None, None)
    with pytest.raises(EndingStands):
        enter(office, services.suspend_party, reason="Encore")
    enter(office, services.take_back, ending_id=made.id)
    assert (state(office), rights(office)) == ("active", (True, True))
    assert payroll.get("/api/v1/messages/").status_code == 200
    with pytest.raises(EndingOver):
        enter(office, services.take_back, ending_id=made.id)


def test_exclusion_on_a_later_day_waits_for_it(office, monkeypatch):
    day = today_of(office) + timedelta(days=5)
    enter(office, services.exclude_party, reason="Manquements", on=day)
    assert rights(office) == (True, True)
    pass_days(office, monkeypatch, day)
    assert (state(office), rights(office)) == ("ended", None)
    with pytest.raises(EndingStands):
        enter(office, services.exclude_party, reason="Encore")


def test_reason_is_asked_for_and_who_may_not_cannot(office):
    with pytest.raises(EndingReasonMissing):
        enter(office, services.suspend_party, reason="  ")
    for service in (services.suspend_party, services.exclude_party):
        with pytest.raises(NotPermitted):
            enter(office, service, "elena", reason="Abus")
    with tenant_transaction(office.caisse):
        for actor in (office.actor(), office.clerk("greta")):
            with pytest.raises(NotPermitted):
                services.end_affiliation(actor=actor, party_id=factory(office), last_day=today_of(office))
        with pytest.raises(NotPermitted):  # who acts for a client does not renounce for it
            services.renounce(actor=office.actor("claire"), themes=None)
    assert state(office) == "active"


def test_announced_end_that_is_taken_back_never_comes(office, monkeypatch):
    made = enter(office, services.end_affiliation, last_day=today_of(office))
    enter(office, services.take_back, ending_id=made.id)
    assert pass_days(office, monkeypatch, made.ends_on) == 0
    assert (state(office), rights(office)) == ("active", (True, True))


def test_suspension_within_the_reading_period_leads_back_to_it(office, monkeypatch):
    made = enter(office, services.end_affiliation, last_day=today_of(office))
    pass_days(office, monkeypatch, made.takes_effect_on)
    rest = enter(office, services.suspend_party, reason="Abus")
    enter(office, services.take_back, ending_id=rest.id)
    assert state(office) == "read_only"


def test_death_ends_sign_in_and_mandates_and_lets_heirs_in_on_proof(office):
    day = date(2026, 1, 2)
    with tenant_transaction(office.caisse):
        zoe, heir = make_user("zoe"), make_user("hans")
        person = make_party("Zoé Exemple", kind="insured")
        other = make_party("Hans Exemple", kind="insured")
        for user, party in ((zoe, person), (heir, other)):
            make_mandate(party)
            make_member(user, party)
        given = make_mandate(other, person)
        work = make_member(zoe, office.parties["factory"])
        make_staff(zoe, "clerk")
        clerk = office.clerk()
        with pytest.raises(EndingNotForThisParty):
            services.report_death(
                actor=clerk, party_id=factory(office), died_on=day, proof="Acte", document_id=new_id()
            )
        with pytest.raises(DeathProofMissing):
            services.report_death(actor=clerk, party_id=person.id, died_on=day, proof="Acte", document_id=None)
        services.report_death(actor=clerk, party_id=person.id, died_on=day, proof="Acte", document_id=new_id())
        assert User.objects.get(id=zoe.id).state == "left"
        assert Mandate.objects.get(id=given.id).state == "ended"
        assert Membership.objects.get(id=work.id).ended_at is not None
        assert StaffMember.objects.get(user=zoe).ended_at is not None
        assert list_seats(zoe.id) == ()
        make_mandate(other, person, basis="law")
        assert person.id in {seat.party.id for seat in list_seats(heir.id)}
        assert User.objects.get(id=heir.id).state == "active"


def test_a_death_shows_which_companies_have_no_administrator_left(office):
    with tenant_transaction(office.caisse):
        zoe, person = make_user("zoe"), make_party("Zoé Exemple", kind="insured")
        alone, shared = make_party("Atelier Zoé"), make_party("Garage Duo")
        for party in (person, alone, shared):
            make_mandate(party)
            make_member(zoe, party, role="administrator")
        make_member(make_user("yves"), shared, role="administrator")
    page = f"/clerk/parties/{person.id}/ending/"
    form = {"kind": "death", "died_on": "2026-01-02", "reason": "Acte", "step": "confirm"}
    elena = office.browser("elena")
    hostile = SimpleUploadedFile("acte.pdf", b"<html><script>1</script></html>", "application/pdf")
    for refused in (form, form | {"scan": hostile}):
        answer = elena.post(page, refused)
        assert (answer.status_code, 'id="scan"' in answer.content.decode()) == (422, True)
    with tenant_transaction(office.caisse):
        assert not PartyEnding.objects.exists()
        assert not Document.objects.exists()
    scan = SimpleUploadedFile("acte.pdf", make_pdf(), "application/pdf")
    assert elena.post(page, form | {"scan": scan}).status_code == 302
    shown = elena.get(page).content.decode()
    assert "Atelier Zoé" in shown
    assert "Garage Duo" not in shown
    with tenant_transaction(office.caisse):
        ending = PartyEnding.objects.get()
        document = Document.objects.get(id=ending.document_id)
        entered = Entry.objects.get(action="party_ending_announced", object_id=str(person.id))
    assert (document.kind, document.party_id, document.state) == ("death_proof", person.id, "clean")
    assert entered.data["document"] == str(document.id)
    assert f"/clerk/documents/{document.id}/" in shown
    assert elena.get(f"/clerk/documents/{document.id}/").status_code == 200
    assert office.browser("anne").get(office.url(f"documents/{document.id}/")).status_code == 404


@pytest.mark.parametrize(("afterwards", "by_post"), [("post", True), ("nothing", False)])
def test_what_follows_is_the_caisse_s_choice(office, afterwards, by_post):
    with tenant_transaction(office.caisse):
        Party.objects.filter(id=factory(office)).update(street="Rue 1", postcode="1700", town="Fribourg")
        message = mailbox.sent(office.actor())
        set_section("ending", afterwards=afterwards)
    enter(office, services.exclude_party, reason="Manquements")
    with tenant_transaction(office.caisse):
        assert bool(_address(mailbox.current(message), DECISION)) is by_post


def test_administrator_renounces_on_the_page_and_saves_the_documents_before(office):
    browser, page = office.browser("anne"), office.url("company/renounce/")
    assert browser.get(page).status_code == 200
    looked = browser.post(page, {"scope": "all"})
    assert looked.status_code == 200
    with tenant_transaction(office.caisse):
        assert not PartyEnding.objects.exists()
    archive = browser.get(f"{page}documents.zip")
    assert zipfile.ZipFile(io.BytesIO(b"".join(archive.streaming_content))).testzip() is None
    assert browser.post(page, {"scope": "some"}).status_code == 422
    one = browser.post(page, {"scope": "some", "theme": "employees", "step": "confirm"})
    assert (one.status_code, one["Location"]) == (302, page)
    assert browser.get(page).status_code == 200
    assert browser.post(page, {"scope": "all", "step": "confirm"}).status_code == 302
    assert browser.post(page, {"scope": "all", "step": "confirm"}).status_code == 409
    for name in ("beat", "claire"):
        assert office.browser(name).post(page, {"scope": "all", "step": "confirm"}).status_code == 403


def test_clerk_enters_and_takes_back_on_the_desk_page(office):
    browser, page = office.browser("gilles"), f"/clerk/parties/{factory(office)}/ending/"
    assert browser.get(page).status_code == 200
    ends, later = (date(today_of(office).year + 5, 12, 31) + timedelta(days=one) for one in (0, 1))
    forms = [
        {"kind": "affiliated_from", "first_day": "2020-01-01"},
        {"kind": "affiliation", "last_day": ends.isoformat()},
        {"kind": "renunciation", "received_on": today_of(office).isoformat(), "scope": "some", "theme": "employees"},
        {"kind": "suspension", "reason": "Abus"},
    ]
    for form in forms[1:]:
        shown = browser.post(page, form)
        assert (shown.status_code, 'value="confirm"' in shown.content.decode()) == (200, True)
    with tenant_transaction(office.caisse):
        assert not PartyEnding.objects.exists()  # nothing is written before it is confirmed
    assert [browser.post(page, form | {"step": "confirm"}).status_code for form in forms] == [302, 302, 302, 302]
    assert browser.post(page, {"kind": "affiliated_from", "first_day": later.isoformat()}).status_code == 422
    assert browser.post(page, {"kind": "affiliation", "last_day": "31.12."}).status_code == 422
    assert browser.post(page, {"kind": "death", "died_on": "2026-01-02", "reason": "x"}).status_code == 422
    text = browser.get(page).content.decode()
    assert "01.01.2020" in text
    assert f"{ends:%d.%m.%Y}" in text
    suspended = office.browser("anne").get("/").content.decode()
    assert "Abus" in suspended
    with tenant_transaction(office.caisse):
        ids = list(PartyEnding.objects.values_list("id", flat=True))
    assert {browser.post(f"{page}{one}/").status_code for one in ids} == {302}
    assert state(office) == "active"


def test_what_only_an_administrator_enters_is_not_shown_to_a_clerk_either(office):
    page = f"/clerk/parties/{factory(office)}/ending/"
    for kind in ("exclusion", "suspension"):
        assert office.browser("elena").post(page, {"kind": kind, "reason": "Abus"}).status_code == 403
    assert state(office) == "active"


def test_with_the_party_open_codes_and_requests_end_too(office):
    with tenant_transaction(office.caisse):
        invited = make_user("neu", state="invited", password="")
        make_member(invited, office.parties["factory"], role="member")
        row, _code = create_activation(actor=office.actor(), user=invited, kind="member", way="mail")
    mandate, _asked, _proof = make_mandates(office)
    enter(office, services.exclude_party, reason="Manquements")
    with tenant_transaction(office.caisse):
        assert Activation.objects.get(id=row.id).revoked_at is not None
        assert Mandate.objects.get(id=mandate.id).state == "ended"
        waiting = MandateRequest.objects.filter(state="waiting")
        assert not waiting.filter(from_party=factory(office)).exists()
        assert not waiting.filter(to_party=factory(office)).exists()
