"""Own texts of mails, SMS and letters: written with checked merge fields, previewed, sent, put back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from core.accounts.texts import SIGN_IN_CODE
from core.configuration import configuration
from core.configuration.sections import OwnText, TextsSection
from core.configuration.services import change_sections
from core.notices import own_texts, services
from core.notices.texts import list_replaceable
from core.outbox.services import drain
from tenants.scope import tenant_transaction

PAGE = "/console/letters/sign_in_code/fr/"
OWN = "Bonjour, 100 % sûr : {code}, {minutes} minutes. {caisse}"


@pytest.fixture
def browser(office):
    return office.browser("gilles")


def post(browser, step="save", page=PAGE, **entered):
    version = browser.get(page).context["version"]
    return browser.post(page, {"subject": "", "body": OWN, "version": version, "step": step, **entered})


def sent(caisse, language="fr"):
    with tenant_transaction(caisse):
        fields = {"code": "{minutes}%(x)s", "minutes": "10"}
        services.send_mail(notice=SIGN_IN_CODE, to="anne@example.ch", language=language, fields=fields)
    drain(caisse=caisse)
    found = [json.loads(path.read_text()) for path in Path(settings.DEV_OUTBOX_FOLDER).glob("*.json")]
    return max(found, key=lambda one: one["at"])


def test_own_text_is_previewed_saved_sent_and_put_back(office, browser):
    platforms = sent(office.caisse)
    preview = post(browser, "preview", subject="Code de {caisse}")
    assert preview.context["sample"]["subject"] == "Code de Caisse"
    promise = preview.context["promise"]
    assert "jamais" in promise
    assert preview.context["sample"]["body"] == f"Bonjour, 100 % sûr : 123456, 10 minutes. Caisse {promise}"
    assert sent(office.caisse)["text"] == platforms["text"]
    assert post(browser, subject="Code de {caisse}").status_code == 302
    mail = sent(office.caisse)
    assert (mail["subject"], mail["text"]) == (
        "Code de Caisse",
        f"Bonjour, 100 % sûr : {{minutes}}%(x)s, 10 minutes. Caisse {promise}",
    )
    assert sent(office.caisse, "de")["text"] != mail["text"]
    assert "texte propre" in browser.get("/console/letters/").content.decode()
    assert post(browser, "reset").status_code == 302
    assert sent(office.caisse)["text"] == platforms["text"]
    assert configuration.get(office.caisse, TextsSection) == TextsSection()


@pytest.mark.parametrize(
    ("entered", "path", "reason"),
    [
        ({"body": "{code} {minutes} {nom}"}, "body", "{nom}"),
        ({"body": "Le code {code}"}, "body", "Le texte doit contenir {minutes}"),
        ({"body": "%(code)s %(minutes)s"}, "body", "Le texte doit contenir {code}, {minutes}"),
        ({"body": ""}, "body", "1"),
        ({"subject": "Code {code}"}, "subject", "{code}"),
        ({"subject": "Code\u0007"}, "subject", "une ligne"),
    ],
)
@pytest.mark.parametrize("step", ["preview", "save"])
def test_merge_fields_that_are_unknown_or_missing_are_refused_beside_their_entry(browser, entered, path, reason, step):
    answer = post(browser, step, **entered)
    assert answer.status_code == 422
    assert reason in answer.context["faults"][path]


def test_change_of_a_colleague_is_not_overwritten(office, browser):
    version = browser.get(PAGE).context["version"]
    post(browser)
    late = browser.post(PAGE, {"subject": "", "body": OWN + " !", "version": version, "step": "save"})
    assert late.status_code == 409
    again = browser.post(PAGE, {"subject": "", "body": OWN + " !", "version": late.context["version"], "step": "save"})
    assert again.status_code == 302
    assert configuration.get(office.caisse, TextsSection).texts[0].body.endswith("!")


def test_auditor_reads_and_changes_nothing(office):
    auditor = office.browser("greta")
    assert 'name="body"' not in auditor.get(PAGE).content.decode()
    assert auditor.post(PAGE, {"body": OWN, "version": 0, "step": "save"}).status_code == 404
    assert auditor.get("/console/letters/nothing/fr/").status_code == 404
    assert auditor.get("/console/letters/sign_in_code/rm/").status_code == 404


def test_every_text_with_a_title_could_be_the_caisses_own():
    for notice, _title in list_replaceable():
        assert notice.fields <= set(own_texts.SAMPLES), f"{notice.code} has merge fields without a sample"
        for language in ("fr", "de", "it", "en"):
            subject, body = own_texts.show_platforms(notice, language)
            own = OwnText(notice=notice.code, language=language, subject=subject, body=body)
            assert list(own_texts.find_text_faults(TextsSection(texts=(own,)))) == []
            assert own_texts.write_sample("Caisse", notice, language, own) == own_texts.write_sample(
                "Caisse", notice, language, None
            )


def test_text_that_lacks_a_field_since_gives_way_to_the_platforms(office):
    platforms = sent(office.caisse)["text"]
    stale = OwnText(notice="sign_in_code", language="fr", body="Code {code}")
    with tenant_transaction(office.caisse):
        change_sections(actor=office.clerk("gilles"), sections=[TextsSection(texts=(stale,))])
    assert sent(office.caisse)["text"] == platforms


def test_file_with_a_faulty_text_is_refused_with_section_key_and_reason(caisse, tmp_path):
    path = tmp_path / "caisse.toml"
    path.write_text(
        '[texts]\ntexts = [{ notice = "sign_in_code", language = "fr", body = "{code} {name}" }]\n', encoding="utf-8"
    )
    with pytest.raises(CommandError) as caught:
        call_command("caisse", "apply", caisse.slug, str(path))
    assert "[texts] texts.0.body: There is no merge field {name} in this text." in str(caught.value)
    assert "[texts] texts.0.body: The text must hold {minutes}." in str(caught.value)
