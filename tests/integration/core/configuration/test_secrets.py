"""Secrets of a caisse: kept, compared and used without ever being shown."""

from __future__ import annotations

import json
import logging

import pytest
from django.db import connection
from django.test import override_settings

from core.configuration import configuration, history, operations, registry, tomlfile
from core.configuration.errors import ConfigurationInvalid, SecretUnreadable
from core.configuration.models import SectionVersion
from core.configuration.registry import Section
from core.configuration.secret import SET, Secret
from core.configuration.services import change_sections
from core.kernel.actors import Actor
from tenants.scope import tenant_transaction
from tests.support.rest import program

WORD = "hunter2-Zürich"
CLERK = Actor(kind="clerk", name="Elena")
OPERATOR = Actor(kind="operator", name="command line")


class GatewaySection(Section):
    """A system that asks for a key."""

    key = "test_gateway"
    title = "Gateway"
    address: str = ""
    password: Secret = Secret()


@pytest.fixture(autouse=True)
def declared():
    before = dict(registry._sections)
    registry.register(GatewaySection)
    configuration.forget()
    yield
    registry._sections.clear()
    registry._sections.update(before)
    configuration.forget()


def enter(caisse, actor=CLERK, **values):
    with tenant_transaction(caisse):
        return change_sections(actor=actor, sections=[GatewaySection.model_validate(values)])


def password(caisse):
    return configuration.get(caisse, GatewaySection).password


def test_value_is_used_and_nowhere_to_be_read(caisse, caplog):
    caplog.set_level(logging.DEBUG)
    enter(caisse, address="sms.example", password=WORD)
    section = configuration.get(caisse, GatewaySection)
    assert section.password.reveal() == WORD
    with tenant_transaction(caisse):
        stored = SectionVersion.objects.get(section="test_gateway").value
        told = [line for one in history.list_history(GatewaySection) for line in one.changes]
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(json_agg(e)::text, '') FROM core_audit_entry e")
            audited = cursor.fetchone()[0]
    everything = [repr(section), str(section), section.model_dump_json(), str(section.model_dump())]
    everything += [operations.dump("ak26"), json.dumps(stored), audited, caplog.text, *told]
    assert not [text for text in everything if WORD in text or json.dumps(WORD)[1:-1] in text]
    assert stored["password"].startswith("sealed:")
    assert "sealed:" not in operations.dump("ak26") + section.model_dump_json() + repr(section)
    assert "[test_gateway] password is set" in told


def test_same_value_again_changes_nothing_and_another_does(caisse):
    enter(caisse, password=WORD)
    assert enter(caisse, password=WORD) == []
    assert enter(caisse, password="other") == ["test_gateway"]
    with tenant_transaction(caisse):
        newest, *_ = history.list_history(GatewaySection)
    assert newest.changes == ("[test_gateway] password is changed",)
    assert enter(caisse) == ["test_gateway"]
    assert not password(caisse).is_set


def test_dumped_file_keeps_the_value_and_gives_it_to_nobody_else(caisse, other_caisse):
    enter(caisse, address="sms.example", password=WORD)
    file = operations.dump("ak26")
    assert f'password = "{SET}"' in file
    assert operations.apply("ak26", file, dry_run=True) == []
    assert operations.apply("ak26", file.replace("sms.example", "gate.example"), dry_run=False)
    assert password(caisse).reveal() == WORD
    with pytest.raises(ConfigurationInvalid, match=r"\[test_gateway\] password: nothing is set here"):
        operations.apply("ak99", file, dry_run=False)
    assert not password(other_caisse).is_set


def test_restored_version_brings_its_value_back(caisse):
    enter(caisse, password=WORD)
    enter(caisse, password="other")
    with tenant_transaction(caisse):
        history.restore_version(actor=CLERK, kind=GatewaySection, version=1)
    assert password(caisse).reveal() == WORD


def test_operator_refers_to_environment_and_file(caisse, tmp_path, monkeypatch):
    monkeypatch.setenv("RELAIS_CAISSE_SMS", WORD)
    enter(caisse, OPERATOR, password="env:RELAIS_CAISSE_SMS")
    assert password(caisse).reveal() == WORD
    path = tmp_path / "key"
    path.write_text("of a file\n")
    enter(caisse, OPERATOR, password=f"file:{path}")
    assert password(caisse).reveal() == "of a file"
    assert enter(caisse, CLERK, address="new", password=f"file:{path}") == ["test_gateway"]
    path.unlink()
    with pytest.raises(SecretUnreadable):
        password(caisse).reveal()
    (check,) = [one for one in operations.examine("ak26") if one["check"] == "secrets"]
    assert check["ok"] is False
    assert "[test_gateway] password" in json.dumps(check)


@pytest.mark.parametrize("reference", ["env:RELAIS_CAISSE_KEY", "file:/etc/passwd"])
def test_caisse_cannot_read_the_platforms_machines(caisse, reference):
    with pytest.raises(ConfigurationInvalid, match="only the operator may refer"):
        enter(caisse, CLERK, password=reference)
    assert not password(caisse).is_set


@pytest.mark.parametrize("text", ["env:RELAIS_SECRET_KEY", "env:PATH", "file:relative", "file:"])
def test_reference_elsewhere_is_refused(text):
    with pytest.raises(ConfigurationInvalid, match=r"\[test_gateway\] password: A reference is written"):
        tomlfile.parse(f'[test_gateway]\npassword = "{text}"\n')


def test_text_that_looks_sealed_is_a_value_like_any_other(caisse):
    enter(caisse, password=WORD)
    with tenant_transaction(caisse):
        sealed = SectionVersion.objects.get(section="test_gateway").value["password"]
    enter(caisse, password=sealed)
    assert password(caisse).reveal() == sealed


def test_value_survives_a_new_platform_key_while_the_old_one_is_named(caisse, settings):
    enter(caisse, password=WORD)
    with override_settings(SECRET_KEY="new", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert password(caisse).reveal() == WORD
    with override_settings(SECRET_KEY="new"), pytest.raises(SecretUnreadable):
        password(caisse).reveal()


def test_program_puts_a_secret_reads_that_it_is_set_and_keeps_it(office):
    gilles = program(office, office.clerk("gilles"))
    place = "configuration/test_gateway/"
    for value in ({"password": WORD}, {"address": "sms.example", "password": SET}):
        version = gilles.get(place).json()["version"]
        answer = gilles.call("put", place, {"value": value, "expected_version": version})
        assert answer.status_code == 200, answer.json()
        assert WORD not in answer.content.decode()
        assert gilles.get(place).json()["value"]["password"] == SET
        assert password(office.caisse).reveal() == WORD
    told = gilles.get("configuration/").content + gilles.get(f"{place}history/").content
    assert b"sealed:" not in told
    assert WORD.encode() not in told
    refused = gilles.call("put", place, {"value": {"password": "file:/etc/passwd"}, "expected_version": version + 1})
    assert (refused.status_code, refused.json()["code"]) == (422, "configuration_invalid")


def test_secret_entered_in_the_console_outlives_its_preview(office):
    browser, page = office.browser("gilles"), "/console/test_gateway/"
    preview = browser.post(page, {"address": "sms.example", "password": WORD, "version": "0"})
    shown = preview.content.decode()
    assert WORD not in shown
    carried = {"value": preview.context["value"], "version": "0", "confirmed": "1"}
    assert browser.post(page, carried).status_code == 302
    assert password(office.caisse).reveal() == WORD
    assert WORD not in browser.get(page).content.decode() + browser.get(f"{page}history/").content.decode()
