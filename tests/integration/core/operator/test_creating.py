"""The wizard: what is refused keeps what was typed, a double click makes one job, two operators make one caisse."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.utils.html import escape
from pydantic import Field

from core.accounts.models import StaffMember
from core.configuration import registry
from core.configuration.registry import Section
from core.configuration.secret import Secret
from core.operator.models import Act
from core.outbox.models import Entry
from tenants.errors import PlatformNotReady
from tenants.jobs import running
from tenants.jobs.models import PlatformJob
from tenants.jobs.worker import Worker
from tenants.models import Caisse, Host, ProvisioningStep
from tenants.scope import platform_transaction, tenant_transaction
from tests.support.operators import make_operator, sign_in_operator

NEW = "/operator/caisses/new/"
PLACE = {
    "slug": "lac",
    "name": "Caisse du Lac",
    "preset": "avs",
    "languages": ["fr", "de"],
    "first_language": "de",
    "hosts": "",
}
PERSON = {
    "given_name": "Lea",
    "family_name": "Favre",
    "email": "lea@lac.example",
    "language": "fr",
    "by": "mail",
    "lines": "",
}


@pytest.fixture
def browser():
    return sign_in_operator()


def _begin(browser, **changes):
    answer = browser.post(NEW, {**PLACE, **changes})
    assert answer.status_code == 302, answer.context["form"].errors
    return answer["Location"].split("/")[4]


def _until_review(browser, **changes):
    draft = _begin(browser, **changes)
    answer = browser.post(f"{NEW}{draft}/administrator/", PERSON)
    assert answer["Location"] == f"{NEW}{draft}/review/"
    return draft


def _job(job_id):
    with platform_transaction():
        return PlatformJob.objects.get(pk=job_id)


def _count():
    with platform_transaction():
        return PlatformJob.objects.count(), Caisse.objects.count()


def test_wizard_makes_the_caisse_that_was_asked_for(browser):
    draft = _until_review(browser, hosts="portal.lac.example\nshared.example/lac")
    review = browser.get(f"{NEW}{draft}/review/").content.decode()
    for text in ("lac.localhost", "Caisse du Lac", "Lea Favre", "portal.lac.example", "shared.example/lac"):
        assert text in review
    assert browser.post(f"{NEW}{draft}/review/")["Location"] == f"/operator/jobs/{draft}/"
    assert Worker().work_off() == 1
    page = browser.get(f"/operator/jobs/{draft}/").content.decode()
    assert _job(draft).state == "done"
    assert "http://portal.lac.example" in page
    with platform_transaction():
        made = Caisse.objects.get(slug="lac")
        assert (made.name, made.state) == ("Caisse du Lac", "active")
        assert Host.objects.filter(caisse=made, is_primary=True).get().host == "portal.lac.example"
        assert Act.objects.filter(action="caisse_asked_for", data__slug="lac").count() == 1
    assert "lea@lac.example" not in f"{made.request} {_job(draft).order}"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"slug": "admin"}, "keeps for itself"), ({"slug": '"lac"'}, "no capitals, accents, quotes"),
        ({"slug": "l" * 40}, "at most 31"), ({"slug": "ak26", "name": ""}, "exists already"), ({"slug": ""}, "required"),
        ({"name": ""}, "required"), ({"preset": "none"}, "Choose a file"), ({"preset": "nothing"}, "valid choice"),
        ({"first_language": "it"}, "must be one of those offered"), ({"languages": ["fr", "tlh"]}, "valid choice"),
        ({"hosts": "portal lac"}, "no host name"), ({"hosts": "localhost"}, "own"), ({"hosts": "a.ch/api"}, "path"),
        ({"hosts": "10.0.0.1"}, "no host name"), ({"hosts": "ak99.localhost/lac"}, "another caisse"),
    ],
)  # fmt: skip
def test_bad_entry_is_told_and_what_was_typed_stays(browser, changes, told):
    before = _count()
    answer = browser.post(NEW, {**PLACE, **changes}, headers={"accept-language": "en"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page.replace("&#x27;", "'").replace("&quot;", '"')
    for name, value in {**PLACE, **changes}.items():
        if name in {"slug", "name"} and value:
            assert f'value="{escape(value)}"' in page
    assert _count() == before


FAULTY = b'[nothing]\nx = 1\n\n[branding]\nname = 7\nfont = "big"\n\n[languages]\nlanguages = ["tlh"]\n'


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (FAULTY, ["no such section", "nothing", "branding", "font", "no such key", "Write text, in quotes", "languages"]), (b"= what", ["no TOML"]),
        (b"\xff\xfe\x00", ["no text in UTF-8"]), (b"#" * 600_000, ["512"]),
    ],
    ids=["faulty", "unreadable", "binary", "large"],
)  # fmt: skip
def test_faulty_file_is_told_by_section_key_and_reason_before_anything_is_made(browser, content, told):
    before = _count()
    file = SimpleUploadedFile("caisse.toml", content)
    answer = browser.post(NEW, {**PLACE, "file": file}, headers={"accept-language": "en"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert [text for text in told if text not in page] == []
    assert _count() == before


def test_good_file_stays_when_another_entry_is_refused(browser):
    text = '[branding]\nname = "From the file"\nshort_name = "File"\naccent = "#0b5d66"\n'
    answer = browser.post(NEW, {**PLACE, "slug": "admin", "file": SimpleUploadedFile("lac.toml", text.encode())})
    kept = re.search(r'name="kept_file" value="([^"]*)"', answer.content.decode())[1]
    assert "From the file" in kept
    draft = _until_review(browser, kept_file=text, kept_name="lac.toml")
    assert (_job(draft).order["file"], _job(draft).order["file_name"]) == (text, "lac.toml")
    browser.post(f"{NEW}{draft}/review/")
    Worker().work_off()
    with platform_transaction():
        assert Caisse.objects.get(slug="lac").name == "Caisse du Lac"


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"email": "no"}, "email"), ({"given_name": ""}, "given_name"), ({"by": "letter"}, "lines"), ({"language": "tlh"}, "language")],
)  # fmt: skip
def test_bad_administrator_is_told(browser, changes, field):
    draft = _begin(browser)
    answer = browser.post(f"{NEW}{draft}/administrator/", {**PERSON, **changes})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert browser.get(f"{NEW}{draft}/review/")["Location"] == f"{NEW}{draft}/administrator/"


def test_double_click_makes_one_job(browser):
    draft = _until_review(browser)
    for _ in range(2):
        assert browser.post(f"{NEW}{draft}/review/")["Location"] == f"/operator/jobs/{draft}/"
    assert _count()[0] == 1
    with platform_transaction():
        assert Act.objects.filter(action="caisse_asked_for").count() == 1
    for page in ("", "administrator/", "review/"):
        assert browser.get(f"{NEW}{draft}/{page}")["Location"] == f"/operator/jobs/{draft}/"


def test_two_operators_at_once_one_wins_and_the_other_is_told(browser):
    other = sign_in_operator(operator=make_operator("Bruno Betrieb", "bruno@relais.example"))
    mine, theirs = _until_review(browser), _until_review(other)
    browser.post(f"{NEW}{mine}/review/")
    answer = other.post(f"{NEW}{theirs}/review/", headers={"accept-language": "en"})
    assert answer.status_code == 409
    assert "Olga Betrieb asked for it" in answer.content.decode()
    assert other.get(f"/operator/jobs/{mine}/").status_code == 200
    Worker().work_off()
    answer = other.post(f"{NEW}{theirs}/review/", headers={"accept-language": "en"})
    assert (answer.status_code, "exists already" in answer.content.decode()) == (409, True)
    assert _job(theirs).state == "draft"


def test_draft_is_nobody_elses(browser):
    other = sign_in_operator(operator=make_operator("Bruno Betrieb", "bruno@relais.example"))
    draft = _until_review(browser)
    for page in ("", "administrator/", "review/"):
        assert other.get(f"{NEW}{draft}/{page}").status_code == 404
        assert other.post(f"{NEW}{draft}/{page}", PLACE).status_code == 404
    assert other.post(f"{NEW}{draft}/drop/").status_code == 404
    assert "Caisse du Lac" not in other.get(NEW).content.decode()
    assert "Caisse du Lac" in browser.get(NEW).content.decode()
    browser.post(f"{NEW}{draft}/drop/")
    assert _count()[0] == 0


def test_progress_goes_on_where_it_broke(browser, monkeypatch):
    from core.configuration import provisioning
    from tenants import registration

    draft = _until_review(browser)
    browser.post(f"{NEW}{draft}/review/")
    waiting = browser.get(f"/operator/jobs/{draft}/", headers={"accept-language": "en"}).content.decode()
    assert 'hx-trigger="every 2s"' in waiting
    with monkeypatch.context() as patch:
        broken = [
            registration.Step(one.name, one.label, _break if one.name == "configuration" else one.run)
            for one in registration._steps
        ]
        patch.setattr(registration, "_steps", broken)
        Worker().work_off()
    page = browser.get(f"/operator/jobs/{draft}/", headers={"accept-language": "en"}).content.decode()
    assert "It stopped before the end" in page
    assert "Stopped here" in page
    assert "every 2s" not in page
    assert provisioning.apply
    connections["provisioner"].close()
    assert browser.post(f"/operator/jobs/{draft}/resume/").status_code == 302
    Worker().work_off()
    assert _job(draft).state == "done"


def _break(_job):
    raise RuntimeError("no")


def test_open_fragment_polls_and_an_ended_one_asks_for_the_whole_page(browser):
    draft = _until_review(browser)
    browser.post(f"{NEW}{draft}/review/")
    answer = browser.get(f"/operator/jobs/{draft}/", headers={"hx-request": "true"})
    assert "<html" not in answer.content.decode()
    assert "HX-Refresh" not in answer.headers
    Worker().work_off()
    assert browser.get(f"/operator/jobs/{draft}/", headers={"hx-request": "true"})["HX-Refresh"] == "true"


def test_refused_job_can_be_corrected(browser):
    draft = _until_review(browser)
    browser.post(f"{NEW}{draft}/review/")
    with platform_transaction():
        Host.objects.create(host="x.ch", caisse_id=Caisse.objects.get(slug="ak26").id, created_at="2026-01-01T00:00Z")
        PlatformJob.objects.filter(pk=draft).update(order={**_job_order(draft), "hosts": [["x.ch", ""]]})
    Worker().work_off()
    assert _job(draft).error_code == "host_taken"
    page = browser.get(f"/operator/jobs/{draft}/").content.decode()
    assert f"{NEW}{draft}/correct/" in page
    assert browser.post(f"{NEW}{draft}/correct/")["Location"] == f"{NEW}{draft}/"
    assert "x.ch" in browser.get(f"{NEW}{draft}/").content.decode()


def _job_order(job_id):
    return PlatformJob.objects.get(pk=job_id).order


def test_waiting_job_can_be_given_up_and_an_unheard_one_says_so(browser):
    draft = _until_review(browser)
    browser.post(f"{NEW}{draft}/review/")
    with platform_transaction():
        PlatformJob.objects.update(due_at="2026-01-01T00:00Z")
    assert "platform work" in browser.get(f"/operator/jobs/{draft}/").content.decode()
    browser.post(f"/operator/jobs/{draft}/cancel/")
    assert _job(draft).state == "cancelled"
    assert Worker().work_off() == 0


@pytest.mark.parametrize(
    ("slug", "told"), [("lac", "lac.localhost is free"), ("ak26", "exists already"), ("www", "keeps for itself"), ("<b>", "&lt;b&gt;")]
)  # fmt: skip
def test_short_name_is_checked_while_it_is_typed(browser, slug, told):
    answer = browser.get(f"{NEW}check/", {"slug": slug}, headers={"accept-language": "en"})
    assert told in answer.content.decode()


def test_job_that_is_not_there_is_not_found(browser):
    assert browser.get(f"/operator/jobs/{uuid4()}/").status_code == 404


def test_web_process_needs_no_provisioner_and_makes_no_caisse(browser, monkeypatch):
    """The whole walk works in a process that was not given the provisioner's address; the work itself does not."""
    if hasattr(connections._connections, "provisioner"):
        connections["provisioner"].close()
        del connections["provisioner"]
    with monkeypatch.context() as patch:
        patch.delitem(connections.databases, "provisioner")
        draft = _until_review(browser)
        assert browser.post(f"{NEW}{draft}/review/").status_code == 302
        assert browser.get(f"/operator/jobs/{draft}/").status_code == 200
        with pytest.raises(PlatformNotReady):
            Worker().run()
    assert (_job(draft).state, _count()[1]) == ("waiting", 2)


def _people(slug="lac"):
    with platform_transaction():
        caisse = Caisse.objects.get(slug=slug).ref
    with tenant_transaction(caisse):
        people = list(StaffMember.objects.values_list("user__sign_in_name", "roles"))
        sent = Entry.objects.filter(topic__in=["notices.mail", "notices.letter"]).values_list("topic", flat=True)
        return people, list(sent)


@pytest.mark.parametrize(("by", "topic"), [("mail", "notices.mail"), ("letter", "notices.letter")])
def test_first_administrator_is_invited(browser, by, topic):
    draft = _begin(browser)
    browser.post(f"{NEW}{draft}/administrator/", {**PERSON, "by": by, "lines": "Rue du Lac 1\n3280 Morat"})
    browser.post(f"{NEW}{draft}/review/")
    Worker().work_off()
    assert _people() == ([("lea@lac.example", ["administrator"])], [topic])
    page = browser.get(f"/operator/jobs/{draft}/", headers={"accept-language": "en"}).content.decode()
    assert f"A {by} with the code" in page
    assert "/dev/outbox/" in page


def test_first_administrator_is_invited_once_though_the_making_was_killed_after_it(browser, monkeypatch):
    draft = _until_review(browser)
    browser.post(f"{NEW}{draft}/review/")
    report = running.RunningJob.progress

    def killed(self, label, number, total):
        if str(label) == "opening the portal":
            raise KeyboardInterrupt
        report(self, label, number, total)

    with monkeypatch.context() as patch:
        patch.setattr(running.RunningJob, "progress", killed)
        with pytest.raises(KeyboardInterrupt):
            Worker().work_off()
    with platform_transaction():
        ProvisioningStep.objects.filter(name="first_administrator").delete()  # killed before it was written down
        PlatformJob.objects.update(leased_until="2026-01-01T00:00Z")
    connections["provisioner"].close()
    Worker().work_off()
    assert _job(draft).state == "done"
    assert _people() == ([("lea@lac.example", ["administrator"])], ["notices.mail"])


def test_broken_work_stands_on_the_first_page_until_it_went_on(browser):
    draft = _until_review(browser)
    assert f"/operator/jobs/{draft}/" not in browser.get("/operator/").content.decode()
    browser.post(f"{NEW}{draft}/review/")
    assert f"/operator/jobs/{draft}/" in browser.get("/operator/").content.decode()
    Worker().work_off()
    assert f"/operator/jobs/{draft}/" not in browser.get("/operator/").content.decode()


def test_page_of_a_caisse_that_was_deleted_since_says_what_was_done(browser):
    draft = _until_review(browser)
    browser.post(f"{NEW}{draft}/review/")
    Worker().work_off()
    with platform_transaction():
        PlatformJob.objects.filter(pk=draft).update(caisse_id="zzzzzzzz")
    page = browser.get(f"/operator/jobs/{draft}/")
    assert (page.status_code, 'id="made"' in page.content.decode()) == (200, False)


def test_secret_in_a_file_is_refused_and_kept_nowhere(browser):
    class Gateway(Section):
        key = "probe_gateway"
        title = "Gateway"
        password: Secret = Field(default=Secret(), title="Password")

    registry._sections[Gateway.key] = Gateway
    try:
        for value, status in (("hunter2", 422), ("(set)", 422), ("env:RELAIS_CAISSE_GATEWAY", 302), ("", 302)):
            file = SimpleUploadedFile("caisse.toml", f'[probe_gateway]\npassword = "{value}"\n'.encode())
            answer = browser.post(NEW, {**PLACE, "file": file}, headers={"accept-language": "en"})
            assert answer.status_code == status, value
            assert "hunter2" not in answer.content.decode()
        with platform_transaction():
            assert "hunter2" not in str(list(PlatformJob.objects.values_list("order", flat=True)))
    finally:
        del registry._sections[Gateway.key]


def test_caisses_page_leads_to_the_work_on_it(browser):
    draft = _until_review(browser)
    browser.post(f"{NEW}{draft}/review/")
    Worker().work_off()
    page = browser.get(
        f"/operator/caisses/{_job(draft).caisse_id}/", headers={"accept-language": "en"}
    ).content.decode()
    assert f'href="/operator/jobs/{draft}/">Making the caisse lac' in page
    assert "lac.localhost" in page
