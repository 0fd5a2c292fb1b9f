"""A campaign from the choice to the file: everybody once, nothing twice, and the codes nowhere but on paper."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.accounts.models import Activation, Mandate, Membership, User
from core.audit.models import Entry
from core.documents.ports import get_store
from core.documents.reconciling import compare_store
from core.kernel import clock
from core.kernel.errors import NotPermitted
from core.letters import accounts, making, selectors
from core.letters.choosing import Selection, choose_parties
from core.letters.errors import FileDamaged, FileGone, NameMissing, NobodyChosen
from core.letters.models import Campaign, Letter
from core.letters.services import fetch_file, mark_returned
from core.outbox.models import Entry as OutboxEntry
from core.outbox.services import drain
from tenants.scope import tenant_transaction
from tests.support import letters
from tests.support.enrolling import finish, walk
from tests.support.people import make_member, make_user
from tests.support.racing import race


@pytest.fixture
def chief(office):
    return office.clerk("gilles")


@pytest.fixture
def people(office):
    """Three insured persons with an address, in two languages."""
    with tenant_transaction(office.caisse):
        return [*letters.make_insured(2), *letters.make_insured(1, first=3, language="de")]


@pytest.mark.usefixtures("people")
def test_everybody_gets_one_letter_with_a_code_that_works(office, chief):
    campaign = letters.make(office.caisse, chief)
    assert (campaign.state, campaign.made, campaign.skipped, campaign.parts) == ("ready", 3, 0, [])
    pages = letters.read_pages(office.caisse, chief, campaign)
    assert len(pages) == 3
    for page, number in zip(pages, (1, 2, 3), strict=True):
        assert f"Paula Rente {number}\nRue du Lac 3\n1700 Fribourg" in page
        assert "ak26.localhost" in page
    assert "Guten Tag" in pages[2]
    codes = letters.read_codes(pages)
    assert len(set(codes)) == 3
    browser = office.browser()
    walk(office.caisse, browser, codes[1])
    assert finish(office.caisse, browser)["Location"] == "/sign-in/"
    with tenant_transaction(office.caisse):
        funnel = selectors.count_funnel(campaign)
        user = User.objects.get(sign_in_name="paula@example.ch")
        assert Membership.objects.get(user=user).role == "administrator"
        assert Mandate.objects.get(for_party__number="P-000002").basis == "self"
    assert (funnel.sent, funnel.begun, funnel.counts["used"], funnel.counts["open"]) == (3, 1, 1, 2)


@pytest.mark.usefixtures("people")
def test_codes_are_in_no_row_and_in_no_object_that_can_be_read(office, chief):
    campaign = letters.make(office.caisse, chief)
    code = letters.read_codes(letters.read_pages(office.caisse, chief, campaign))[0]
    raw = b"".join(get_store().open(campaign.file_key))
    # So long that encrypted bytes never hold it by chance, as they may hold four.
    assert b"%PDF-1." not in raw
    with tenant_transaction(office.caisse):
        rows = [vars(row) for row in [*Activation.objects.all(), *OutboxEntry.objects.all(), *Entry.objects.all()]]
    assert code not in str(rows)
    assert code.replace(" ", "") not in str(rows)


@pytest.mark.usefixtures("people")
def test_batch_that_was_killed_is_made_once(office, chief, monkeypatch):
    """The process dies after it stored the batch and before its rows: those codes open nothing."""
    monkeypatch.setattr(making, "BATCH", 2)
    campaign = letters.begin(office.caisse, chief)
    with monkeypatch.context() as broken:
        broken.setattr(making, "_write_batch", _die)
        drain(caisse=office.caisse)
    with tenant_transaction(office.caisse):
        assert not Activation.objects.exists()
        OutboxEntry.objects.filter(topic=making.TOPIC).update(due_at=clock.now())
    drain(caisse=office.caisse)
    with tenant_transaction(office.caisse):
        campaign = Campaign.objects.get(id=campaign.id)
        assert Activation.objects.count() == Letter.objects.filter(made_at__isnull=False).count() == 3
    assert (campaign.state, campaign.made) == ("ready", 3)
    assert len(letters.read_pages(office.caisse, chief, campaign)) == 3


def _die(*_args):
    message = "killed"
    raise RuntimeError(message)


@pytest.mark.usefixtures("people")
def test_of_two_workers_with_the_same_batch_one_writes_it(office, chief):
    campaign = letters.begin(office.caisse, chief)
    with tenant_transaction(office.caisse):
        waiting = making._list_waiting(campaign)
        names = accounts.plan_names([one.party for one in waiting])
    address = ("Paula", "Rue 1", "1700 Fribourg")
    sheets = {one.id: making._sheet_of(office.caisse, campaign, one, address, names[one.party_id]) for one in waiting}
    write = lambda: making._write_batch(campaign, waiting, sheets, names, "a/letters/b")  # noqa: E731
    assert race(office.caisse, write, write) == [True, False]
    with tenant_transaction(office.caisse):
        assert Activation.objects.count() == 3
        assert Campaign.objects.get(id=campaign.id).made == 3


def test_who_is_chosen_and_who_is_not(office, people):
    with tenant_transaction(office.caisse):
        with_access = letters.make_insured(1, first=10)[0]
        make_member(make_user("already"), with_access)
        letters.make_insured(1, first=11, street="", address_extra="")
        letters.make_insured(1, first=12, state="ended")
        letters.make_insured(1, first=13, kind="self_employed")
        chosen = choose_parties(letters.EVERYBODY)
        assert chosen.party_ids == [one.id for one in people]
        assert (chosen.with_access, chosen.with_letter, chosen.without_address) == (1, 0, 1)
        both = choose_parties(Selection(kinds=("insured", "self_employed")))
        assert len(both.party_ids) == 4
        some = choose_parties(Selection(numbers=("P-000002", "P-000010", "P-999999")))
        assert some.party_ids == [people[1].id]
        assert some.unknown == ("P-999999",)
        assert choose_parties(Selection(kinds=("insured",), theme="employees")).party_ids == []


@pytest.mark.usefixtures("people")
def test_who_holds_a_letter_that_counts_gets_none_unless_asked_for(office, chief):
    first = letters.make(office.caisse, chief)
    with pytest.raises(NobodyChosen):
        letters.begin(office.caisse, chief)
    old = letters.read_codes(letters.read_pages(office.caisse, chief, first))
    again = letters.make(office.caisse, chief, Selection(kinds=("insured",), again=True))
    assert again.made == 3
    assert office.browser().post("/activate/", {"code": old[0]}).status_code == 422
    with tenant_transaction(office.caisse):
        assert selectors.count_funnel(first).counts["replaced"] == 3
        assert User.objects.filter(state="invited").count() == 3


@pytest.mark.usefixtures("people")
def test_reminder_goes_to_those_who_have_not_used_theirs(office, chief):
    first = letters.make(office.caisse, chief)
    browser = office.browser()
    walk(office.caisse, browser, letters.read_codes(letters.read_pages(office.caisse, chief, first))[0])
    finish(office.caisse, browser)
    reminder = Selection(reminder_of=first.id, again=True)
    made = letters.make(office.caisse, chief, reminder, text="letters.reminder")
    assert made.made == 2
    assert "expirera" in "".join(letters.read_pages(office.caisse, chief, made)) or made.reminder_of_id == first.id


@pytest.mark.usefixtures("people")
def test_who_got_an_access_meanwhile_is_left_out(office, chief, people):
    campaign = letters.begin(office.caisse, chief)
    with tenant_transaction(office.caisse):
        make_member(make_user("meanwhile"), people[0])
    drain(caisse=office.caisse)
    with tenant_transaction(office.caisse):
        campaign = Campaign.objects.get(id=campaign.id)
        assert selectors.count_funnel(campaign).counts["skipped"] == 1
    assert (campaign.made, campaign.skipped) == (2, 1)


@pytest.mark.usefixtures("people")
def test_file_is_fetched_three_times_and_each_is_written_down(office, chief):
    campaign = letters.make(office.caisse, chief)
    for _ in range(3):
        assert letters.read_pages(office.caisse, chief, campaign)
    with pytest.raises(FileGone):
        fetch_file(actor=chief, caisse=office.caisse, campaign_id=campaign.id)
    with tenant_transaction(office.caisse):
        assert Entry.objects.filter(action="letters_file_fetched").count() == 3


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("name", ["elena", "greta"])
def test_only_administrators_start_and_fetch(office, chief, name):
    with pytest.raises(NotPermitted):
        letters.begin(office.caisse, office.clerk(name))
    campaign = letters.make(office.caisse, chief)
    with pytest.raises(NotPermitted):
        fetch_file(actor=office.clerk(name), caisse=office.caisse, campaign_id=campaign.id)


@pytest.mark.usefixtures("people")
def test_file_is_deleted_on_wish_and_after_two_weeks(office, chief):
    campaign = letters.make(office.caisse, chief)
    key = campaign.file_key
    assert get_store().exists(key)
    with clock.travel(clock.now() + timedelta(days=15)):
        drain(caisse=office.caisse)
    assert not get_store().exists(key)
    with pytest.raises(FileGone):
        fetch_file(actor=chief, caisse=office.caisse, campaign_id=campaign.id)
    assert not making.clear_file(caisse=office.caisse, campaign_id=campaign.id, by=chief)


@pytest.mark.usefixtures("people")
def test_file_that_was_tampered_with_is_not_handed_out(office, chief):
    campaign = letters.make(office.caisse, chief)
    raw = bytearray(b"".join(get_store().open(campaign.file_key)))
    raw[100] ^= 1
    get_store().delete(campaign.file_key)
    get_store().put(campaign.file_key, [bytes(raw)])
    with pytest.raises(FileDamaged):
        list(fetch_file(actor=chief, caisse=office.caisse, campaign_id=campaign.id))


@pytest.mark.usefixtures("people")
def test_reconciling_leaves_the_files_alone(office, chief):
    campaign = letters.make(office.caisse, chief)
    with clock.travel(clock.now() + timedelta(days=2)):
        assert campaign.file_key not in compare_store(caisse=office.caisse).forgotten
    making.clear_file(caisse=office.caisse, campaign_id=campaign.id, by=chief)


@pytest.mark.usefixtures("people")
def test_returned_letter_ends_its_code(office, chief):
    campaign = letters.make(office.caisse, chief)
    pages = letters.read_pages(office.caisse, chief, campaign)
    with tenant_transaction(office.caisse):
        letter = campaign.letters.order_by("position").first()
    assert letter.reference in pages[0]
    clerk = office.clerk("elena")
    for marked in (1, 0):
        with tenant_transaction(office.caisse):
            found = mark_returned(actor=clerk, references=[letter.reference.lower(), "ZZZZ", " "])
        assert found == (marked, ["ZZZZ"])
    assert office.browser().post("/activate/", {"code": letters.read_codes(pages)[0]}).status_code == 422
    with tenant_transaction(office.caisse):
        assert selectors.count_funnel(campaign).counts["returned"] == 1
        with pytest.raises(NotPermitted):
            mark_returned(actor=office.clerk("greta"), references=[letter.reference])


@pytest.mark.usefixtures("people")
def test_used_letter_does_not_come_back(office, chief):
    campaign = letters.make(office.caisse, chief)
    with tenant_transaction(office.caisse):
        Activation.objects.update(used_at=clock.now())
        reference = campaign.letters.first().reference
        assert mark_returned(actor=chief, references=[reference]) == (0, [])


@pytest.mark.usefixtures("people")
def test_funnel_counts_each_letter_once_whatever_becomes_of_it(office, chief):
    """One is used, one came back, one was begun; a month later what was not used has expired."""
    with tenant_transaction(office.caisse):
        letters.make_insured(2, first=4)
    campaign = letters.make(office.caisse, chief)
    codes = letters.read_codes(letters.read_pages(office.caisse, chief, campaign))
    browser = office.browser()
    walk(office.caisse, browser, codes[0])
    finish(office.caisse, browser)
    office.browser().post("/activate/", {"code": codes[1]})
    with tenant_transaction(office.caisse):
        mark_returned(actor=chief, references=[campaign.letters.get(position=3).reference])
        now = selectors.count_funnel(campaign)
    assert (now.sent, now.begun) == (5, 2)
    assert {state: count for state, count in now.counts.items() if count} == {
        "used": 1, "opened": 1, "open": 2, "returned": 1,
    }  # fmt: skip
    with clock.travel(clock.now() + timedelta(days=31)), tenant_transaction(office.caisse):
        later = selectors.count_funnel(campaign)
        listed = selectors.list_letters(campaign, state="expired").letters
    assert {state: count for state, count in later.counts.items() if count} == {"used": 1, "returned": 1, "expired": 3}
    assert [one.position for one in listed] == [2, 4, 5]


@pytest.mark.usefixtures("people")
def test_unnamed_campaign_is_refused(office, chief):
    with pytest.raises(NameMissing):
        letters.begin(office.caisse, chief, name="  ")


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("size", ["normal", "large"])
@pytest.mark.parametrize("text", ["by_kind", "letters.persons", "letters.companies", "letters.reminder"])
def test_each_letter_has_one_page_in_every_size(office, chief, size, text):
    campaign = letters.make(office.caisse, chief, size=size, text=text)
    assert len(letters.read_pages(office.caisse, chief, campaign)) == 3
