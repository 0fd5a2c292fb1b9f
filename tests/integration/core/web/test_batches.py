"""Files for many clients: whose each is, who may hand it in, what comes of it once and only once."""

from __future__ import annotations

import io
import re
import zipfile
from uuid import UUID

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.accounts.models import Mandate, Party
from core.documents.models import Document
from core.messaging import drafts, jobs
from core.messaging.batches import MAKE, going_on, making
from core.messaging.batches.clearing import clear_old
from core.messaging.models import Batch, BatchFile, Message
from core.outbox.handlers import Job
from core.outbox.models import Entry as Waiting
from core.outbox.services import drain
from tenants.scope import tenant_transaction
from tests.support import mailbox
from tests.support.bad_uploads import ANNE, HEADINGS, workbook
from tests.support.elm import Institution, Letter, Person, elm_parts
from tests.support.mailbox import SALARY

TABLE = workbook([HEADINGS, ANNE])
START = "/clients/upload/"


@pytest.fixture
def numbers(office):
    """Let the fiduciary's clients bear numbers, and give her the bakery in all themes."""
    given = {"factory": "100-2211.4", "bakery": "100-3322.5", "elsewhere": "100-9999.0"}
    with tenant_transaction(office.caisse):
        for key, number in given.items():
            Party.objects.filter(id=office.parties[key].id).update(number=number)
        Mandate.objects.filter(for_party=office.parties["bakery"]).update(themes=None)
    return given


def elm(number, *more, wages=True):
    funds = tuple(Institution(f"#AHV{place or ''}", customer=one) for place, one in enumerate((number, *more)))
    letter = Letter(ahv=funds, test_case=False, accident_insurer="Suva")
    return "".join(elm_parts([Person()] if wages else [], letter)).encode()


def packed(**files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def hand_in(office, browser, *uploads, type_key=SALARY):
    """Send files as the page does and let the worker look at them; return the batch."""
    files = [SimpleUploadedFile(name, content) for name, content in uploads]
    answer = browser.post(START, {"type": type_key, "files": files})
    assert answer.status_code == 302, answer.content.decode()
    drain(caisse=office.caisse)
    with tenant_transaction(office.caisse):
        return Batch.objects.get(id=UUID(answer["Location"].rstrip("/").rpartition("/")[2]))


def table(office, batch):
    """Return for each file what is kept of it."""
    names = {party.id: key for key, party in office.parties.items()}
    with tenant_transaction(office.caisse):
        files = batch.files.order_by("position")
        return {one.name: (one.state, names.get(one.party_id), one.found_by, one.reason) for one in files}


def press(office, browser, batch, what, **posted):
    answer = browser.post(f"{START}{batch.id}/{what}/", posted)
    drain(caisse=office.caisse)
    return answer


def drafts_of(office, party):
    with tenant_transaction(office.caisse):
        return list(Message.objects.filter(party=office.parties[party], type_key=SALARY).order_by("created_at"))


def page(browser, batch):
    return re.sub(r"\s+", " ", browser.get(f"{START}{batch.id}/").content.decode())


def test_each_file_of_an_archive_goes_to_its_client(office, numbers):
    claire = office.browser("claire", HTTP_ACCEPT_LANGUAGE="en")
    archive = packed(**{
        "declaration.xml": elm(numbers["factory"]), "100-3322.5/wages.xlsx": TABLE, "__MACOSX/._x": b"x", "nobody.xlsx": TABLE,
    })  # fmt: skip
    batch = hand_in(office, claire, ("all.zip", archive))
    assert table(office, batch) == {
        "declaration.xml": ("clear", "factory", "content", ""),
        "100-3322.5/wages.xlsx": ("clear", "bakery", "folder", ""),
        "nobody.xlsx": ("unclear", None, "", "batch_unmatched"),
    }
    with tenant_transaction(office.caisse):
        assert not Document.objects.filter(kind="batch_upload").exists()
    assert press(office, claire, batch, "drafts").status_code == 302
    factory, bakery = drafts_of(office, "factory"), drafts_of(office, "bakery")
    assert ([one.row_count for one in (*factory, *bakery)], factory[0].period) == ([1, 1], "2025")
    assert {one.state for one in (*factory, *bakery)} == {"draft"}
    assert factory[0].acting_party_id == office.parties["firm"].id
    shown = page(claire, batch)
    assert factory[0].reference in shown
    assert "Neither the file nor its name says whose it is" in shown
    with tenant_transaction(office.caisse):
        held = Document.objects.get(message_id=bakery[0].id)
    assert (held.party_id, held.kind, held.theme) == (office.parties["bakery"].id, "data", "salary_declaration")


def test_what_is_unclear_is_said_and_can_be_corrected(office, numbers):
    claire = office.browser("claire", HTTP_ACCEPT_LANGUAGE="en")
    batch = hand_in(
        office, claire, ("two.xml", elm(numbers["factory"], numbers["bakery"])), ("foreign.xml", elm("100-9999.0")),
        ("unknown.xml", elm("100-0000.1")), ("100-3322.5 a.xlsx", TABLE), ("100-3322.5 b.csv", b"Nom;AVS\nx;y\n"),
        ("picture.png", b"\x89PNG\r\n\x1a\n0000"),
    )  # fmt: skip
    found = table(office, batch)
    assert {name: (state, reason) for name, (state, _party, _by, reason) in found.items()} == {
        "two.xml": ("unclear", "batch_several"),
        "foreign.xml": ("unclear", "batch_no_client"),
        "unknown.xml": ("unclear", "batch_no_client"),
        "100-3322.5 a.xlsx": ("unclear", "batch_client_twice"),
        "100-3322.5 b.csv": ("unclear", "batch_client_twice"),
        "picture.png": ("unclear", "file_is_picture"),
    }
    assert "Elsewhere" not in page(claire, batch)  # whom she may not know of is nobody
    assert press(office, claire, batch, "drafts").status_code == 409
    with tenant_transaction(office.caisse):
        ids = dict(batch.files.values_list("name", "id"))
    said = {f"number-{ids['two.xml']}": "1002211-4", f"out-{ids['100-3322.5 b.csv']}": "on"}
    answer = claire.post(f"{START}{batch.id}/correct/", {"file": list(ids.values()), **said})
    assert answer.status_code == 302
    found = table(office, batch)
    assert found["two.xml"] == ("clear", "factory", "hand", "")
    assert (found["100-3322.5 a.xlsx"][0], found["100-3322.5 b.csv"][0]) == ("clear", "left_out")
    press(office, claire, batch, "drafts")
    assert [len(drafts_of(office, one)) for one in ("factory", "bakery", "elsewhere")] == [1, 1, 0]


def test_only_with_a_mandate_to_act_in_the_theme(office, numbers):
    with tenant_transaction(office.caisse):
        held = Mandate.objects.filter(acting_party=office.parties["firm"])
        held.filter(for_party=office.parties["bakery"]).update(themes=["employees"])
    claire = office.browser("claire")
    files = [(f"{numbers[one]}.xlsx", TABLE) for one in ("factory", "bakery")]
    batch = hand_in(office, claire, *files)
    assert [line[3] for line in table(office, batch).values()] == ["", "batch_no_mandate"]
    # What ends between looking and taking over counts as well.
    with tenant_transaction(office.caisse):
        held.filter(for_party=office.parties["factory"]).update(may_act=False)
    press(office, claire, batch, "drafts")
    assert [line[3] for line in table(office, batch).values()] == ["batch_no_mandate"] * 2
    assert not drafts_of(office, "factory")


def test_the_same_file_twice_makes_one_draft(office, numbers):
    claire = office.browser("claire")
    twice = hand_in(office, claire, ("100-2211.4 a.xlsx", TABLE), ("100-2211.4 b.xlsx", TABLE))
    assert {line[3] for line in table(office, twice).values()} == {"batch_same_file"}
    batch = hand_in(office, claire, ("100-2211.4.xlsx", TABLE))
    press(office, claire, batch, "drafts")
    # The worker was killed after its commit and begins again; the user presses once more; the file comes again.
    with tenant_transaction(office.caisse):
        Batch.objects.filter(id=batch.id).update(state="making")
    making.make_drafts(Job(batch.id, office.caisse, MAKE, {"batch": str(batch.id), "after": 0}, None, 2))
    assert press(office, claire, batch, "drafts").status_code == 409
    again = hand_in(office, claire, ("other name 100-2211.4.xlsx", TABLE))
    assert [line[3] for line in table(office, again).values()] == ["batch_done_before"]
    made = drafts_of(office, "factory")
    assert len(made) == 1
    assert made[0].reference in page(claire, again)


def test_an_archive_that_cannot_be_opened_leaves_nothing(office, numbers):
    claire = office.browser("claire", HTTP_ACCEPT_LANGUAGE="en")
    sound = packed(**{"100-2211.4.xlsx": TABLE})
    bomb = packed(**{"100-2211.4.csv": b"\0" * 40 * 2**20})
    damaged = bytearray(sound)
    damaged[60] ^= 0xFF
    cases = {
        "cut off": (sound[: len(sound) // 2], "archive_broken"),
        "damaged": (bytes(damaged), "archive_broken"),
        "empty": (packed(), "archive_empty"),
        "bomb": (bomb, "archive_too_large_inside"),
    }
    for name, (content, code) in cases.items():
        batch = hand_in(office, claire, ("all.zip", content))
        assert (batch.state, batch.fault) == ("failed", code), name
        assert "the files are deleted" in page(claire, batch)
    with tenant_transaction(office.caisse):
        assert not BatchFile.objects.exists()
        assert not Document.objects.filter(kind__startswith="batch").exists()


def test_paths_and_archives_within_an_archive_do_no_harm(office, numbers):
    inner = packed(**{"100-2211.4.xlsx": TABLE})
    archive = packed(**{"../../100-2211.4.xlsx": TABLE, "100-3322.5.zip": inner})
    found = table(office, hand_in(office, office.browser("claire"), ("all.zip", archive)))
    assert found["../../100-2211.4.xlsx"][:2] == ("clear", "factory")
    assert found["100-3322.5.zip"][3] == "file_is_archive"


def test_a_batch_is_its_own_users(office, numbers):
    batch = hand_in(office, office.browser("claire"), ("100-2211.4.xlsx", TABLE))
    for name in ("dario", "anne", "hugo"):
        browser = office.browser(name)
        assert browser.get(f"{START}{batch.id}/").status_code == 404, name
        for what in ("correct", "drafts", "send", "delete"):
            assert browser.post(f"{START}{batch.id}/{what}/").status_code == 404, (name, what)
    assert office.browser("hugo").post(START, {"type": SALARY}).status_code == 422
    low = office.browser("claire", "password")
    assert low.post(f"{START}{batch.id}/drafts/").status_code == 302  # to a second factor
    drain(caisse=office.caisse)
    assert not drafts_of(office, "factory")


def test_what_is_ready_is_sent_together_once_confirmed(office, numbers):
    claire = office.browser("claire", HTTP_ACCEPT_LANGUAGE="en")
    batch = hand_in(office, claire, ("a.xml", elm(numbers["factory"])), ("b.xml", elm(numbers["bakery"], wages=False)))
    press(office, claire, batch, "drafts")
    complete(office)
    with tenant_transaction(office.caisse):
        ready = list(making.list_sendable(batch).values_list("name", flat=True))
    assert ready == ["a.xml"]
    assert press(office, claire, batch, "send").status_code == 422
    assert press(office, claire, batch, "send", confirmed="on").status_code == 302
    assert [drafts_of(office, one)[0].state for one in ("factory", "bakery")] == ["sent", "draft"]
    assert press(office, claire, batch, "send", confirmed="on").status_code == 409
    result = openpyxl.load_workbook(io.BytesIO(claire.post(f"{START}{batch.id}/result.xlsx").content)).active
    lines = list(result.iter_rows(values_only=True))
    assert [line[0] for line in lines[-2:]] == ["a.xml", "b.xml"]
    assert "Sent" in lines[-2]


def complete(office):
    """Enter by hand what these files do not state, and have it checked."""
    claire = office.actor("claire")
    with tenant_transaction(office.caisse):
        message = Message.objects.select_related("party").get(party=office.parties["factory"], type_key=SALARY)
        entries = {"accident_insurer": "Suva", "pension_fund": "Fonds"}
        message = drafts.save_draft(actor=claire, message=message, revision=message.revision, payload=entries)
        jobs.request_check(actor=claire, message=message)
    drain(caisse=office.caisse)


def test_what_was_not_taken_over_is_deleted(office, numbers):
    claire = office.browser("claire")
    batch = hand_in(office, claire, ("100-2211.4.xlsx", TABLE), ("nobody.xlsx", TABLE))
    press(office, claire, batch, "drafts")
    clear_old(Job(batch.id, office.caisse, "", {"batch": str(batch.id)}, None, 1))
    assert list(table(office, batch)) == ["100-2211.4.xlsx"]
    other = hand_in(office, claire, ("nobody.xlsx", TABLE))
    assert press(office, claire, other, "delete")["Location"] == START
    with tenant_transaction(office.caisse):
        assert not Document.objects.filter(kind__startswith="batch").exists()
        assert not Batch.objects.filter(id=other.id).exists()


def test_work_goes_on_where_its_askings_were_lost(office, numbers):
    claire = office.browser("claire")
    files = [SimpleUploadedFile("100-2211.4.xlsx", TABLE)]
    url = claire.post(START, {"type": SALARY, "files": files})["Location"]
    forget(office)
    batch = go_on(office, url)
    assert batch.state == "ready"
    claire.post(f"{START}{batch.id}/drafts/")
    forget(office)
    assert (go_on(office, url).state, len(drafts_of(office, "factory"))) == ("ready", 1)


def forget(office):
    with tenant_transaction(office.caisse):
        Waiting.objects.filter(done_at=None).delete()


def go_on(office, url):
    """Do what arriving on another platform does, and let the worker work."""
    with tenant_transaction(office.caisse):
        going_on.go_on()
    drain(caisse=office.caisse)
    with tenant_transaction(office.caisse):
        return Batch.objects.get(id=UUID(url.rstrip("/").rpartition("/")[2]))


@pytest.mark.usefixtures("still_clock")
def test_the_table_costs_the_same_for_one_three_and_a_thousand_files(office, numbers):
    claire = office.browser("claire")
    batch = hand_in(office, claire, ("100-2211.4.xlsx", TABLE))
    press(office, claire, batch, "drafts")
    counted, sizes = [], []
    for n in (1, 3, 1000):
        with tenant_transaction(office.caisse):
            have = batch.files.count()
            BatchFile.objects.bulk_create(
                BatchFile(batch=batch, position=one, name=f"{one}.xlsx", reason="batch_unmatched", document_id=batch.id)
                for one in range(have + 1, n + 1)
            )
        for path in (START, f"{START}{batch.id}/"):
            with CaptureQueriesContext(connection) as queries:
                answer = claire.get(path)
            counted.append(len(queries))
            sizes.append(len(answer.content))
    assert counted[:2] == counted[2:4] == counted[4:], counted
    assert max(sizes) < 120_000, sizes


@pytest.mark.usefixtures("still_clock")
def test_the_table_costs_the_same_for_one_and_for_many_drafts(office, numbers):
    claire, actor = office.browser("claire"), office.actor("claire")
    batch = hand_in(office, claire, ("100-2211.4.xlsx", TABLE))
    press(office, claire, batch, "drafts")
    counted = []
    for n in (1, 30):
        with tenant_transaction(office.caisse):
            for place in range(batch.files.count() + 1, n + 1):
                made = mailbox.draft(actor, SALARY)
                BatchFile.objects.create(
                    batch=batch, position=place, name=f"{place}.xlsx", state="made", message=made,
                    party=office.parties["factory"], reason="findings_open", params={"blocking": 1, "unjustified": 0},
                )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            assert claire.get(f"{START}{batch.id}/").status_code == 200
        counted.append(len(queries))
    assert counted[0] == counted[1], counted


@pytest.mark.usefixtures("still_clock")
def test_a_thousand_files_are_matched_in_a_few_queries(office, numbers):
    batch = hand_in(office, office.browser("claire"), ("100-2211.4.xlsx", TABLE))
    counted = []
    for n in (1, 400):
        with tenant_transaction(office.caisse):
            have = batch.files.count()
            BatchFile.objects.bulk_create(
                BatchFile(batch=batch, position=one, name=f"{one}.xlsx", reason="waiting", document_id=batch.id)
                for one in range(have + 1, n + 1)
            )
        with CaptureQueriesContext(connection) as queries:
            office.browser("claire").post(f"{START}{batch.id}/correct/", {})
        counted.append(len(queries))
    assert counted[0] == counted[1], counted
