"""``manage.py caisse`` and ``platform`` as an operator types them."""

from __future__ import annotations

import io
import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from core.configuration import configuration
from core.configuration.sections import BrandingSection, ContactSection, LanguagesSection, LocaleSection
from core.outbox.services import drain
from tenants import hosts
from tests.integration.tenants.support import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from tenants.scope import CaisseRef
    from tests.support.fixtures import Database

FILE = """
[branding]
name = "Caisse du Lac"
short_name = "Lac"
accent = "#112233"

[contact]
town = "Nyon"
"""


def _run(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def _json(*words: str) -> Any:
    return json.loads(_run(*words, "--json"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "caisse.toml"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_create_applies_preset_and_file_and_gives_addresses(file: Path) -> None:
    made = _json("caisse", "create", "lac", "--preset", "avs", "--file", str(file), "--host", "portal.lac.ch")
    assert (made["slug"], made["name"], made["state"]) == ("lac", "Caisse du Lac", "active")
    assert made["address"].startswith("http://portal.lac.ch")
    assert {"branding", "contact", "languages", "themes"} <= set(made["configuration"])
    caisse = hosts.get_caisse(made["id"])
    assert configuration.get(caisse, ContactSection).town == "Nyon"


def test_create_shows_progress_beside_its_answer() -> None:
    out, err = io.StringIO(), io.StringIO()
    call_command("caisse", "create", "lac", "--json", stdout=out, stderr=err)
    assert json.loads(out.getvalue())["slug"] == "lac"
    assert err.getvalue().splitlines()[0].strip().startswith("1/")


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["create", "ak26"], 'A caisse "ak26" exists already'),
        (["create", "No"], "cannot be used"),
        (["create", "lac", "--preset", "none"], "There is no preset none"),
        (["create", "lac", "--file", "/nowhere.toml"], "/nowhere.toml: No such file"),
        (["create", "lac", "--host", "localhost"], "is the platform.s own"),
        (["show", "nobody"], 'There is no caisse "nobody"'),
        (["suspend", "nobody"], 'There is no caisse "nobody"'),
    ],
)
def test_mistakes_are_answered_in_words(words: list[str], reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        _run("caisse", *words)
    assert [one["slug"] for one in _json("caisse", "list")] == ["ak26", "ak99"]


def test_faulty_file_makes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "caisse.toml"
    path.write_text('[branding]\naccent = "red"\n[nothing]\n', encoding="utf-8")
    with pytest.raises(CommandError, match=r"\[branding\] accent.*\[nothing\]"):
        _run("caisse", "create", "lac", "--file", str(path))
    assert len(_json("caisse", "list")) == 2


def test_apply_says_first_what_it_would_change(file: Path, caisse: CaisseRef) -> None:
    said = _run("caisse", "apply", "ak26", str(file), "--dry-run")
    assert '[contact] town is set to "Nyon"' in said
    assert configuration.get(caisse, ContactSection).town == ""
    done = _json("caisse", "apply", "ak26", str(file))
    assert '[contact] town is set to "Nyon"' in done["changes"]
    assert configuration.get(caisse, BrandingSection).short_name == "Lac"
    drain(caisse=caisse)
    wait_until(lambda: hosts.get_entry(caisse).name == "Caisse du Lac")
    assert _run("caisse", "apply", "ak26", str(file)).strip() == "Nothing to change."


def test_faulty_file_changes_nothing(tmp_path: Path, caisse: CaisseRef) -> None:
    path = tmp_path / "caisse.toml"
    path.write_text('[contact]\ntown = "Nyon"\n[sms]\ndaily_limit = 0\n', encoding="utf-8")
    with pytest.raises(CommandError, match=r"\[sms\] daily_limit"):
        _run("caisse", "apply", "ak26", str(path))
    assert configuration.get(caisse, ContactSection).town == ""


def test_dump_of_one_caisse_makes_another_equal(file: Path, tmp_path: Path, other_caisse: CaisseRef) -> None:
    _run("caisse", "apply", "ak26", str(file))
    copy = tmp_path / "copy.toml"
    copy.write_text(_run("caisse", "dump", "ak26"), encoding="utf-8")
    assert _run("caisse", "apply", "ak26", str(copy), "--dry-run").strip() == "Nothing to change."
    _run("caisse", "apply", "ak99", str(copy))
    assert configuration.get(other_caisse, BrandingSection).name == "Caisse du Lac"


def test_suspend_and_resume(caisse: CaisseRef) -> None:
    assert _json("caisse", "suspend", "ak26", "--reason", "move")["state"] == "suspended"
    wait_until(lambda: hosts.get_caisse(caisse.id).state == "suspended")
    assert _json("caisse", "resume", "ak26")["state"] == "active"


def test_doctor_and_migrate_find_nothing_to_do() -> None:
    assert all(one["ok"] for one in _json("caisse", "doctor"))
    assert _json("caisse", "migrate") == []
    assert "up to date" in _run("caisse", "migrate")


def test_doctor_finds_what_is_wrong(caisse: CaisseRef, database: Database) -> None:
    with database.worker.connect() as admin:
        admin.execute("UPDATE platform.tenants_schemastate SET rights = 'old' WHERE schema_name = %s", [caisse.schema])
    with pytest.raises(CommandError, match="needs attention"):
        _run("caisse", "doctor")
    _run("caisse", "migrate")
    _run("caisse", "doctor")


def test_platform_init_is_repeatable() -> None:
    assert "was up to date" in _run("platform", "init")


def test_plain_migrate_says_what_to_run() -> None:
    with pytest.raises(CommandError, match="caisse migrate"):
        _run("migrate")


@override_settings(LANGUAGE_CODE="fr")
def test_progress_is_in_english() -> None:
    err = io.StringIO()
    call_command("caisse", "create", "lac", stdout=io.StringIO(), stderr=err)
    assert "tables and rights" in err.getvalue()


def test_theme_that_is_not_installed_is_named(tmp_path: Path) -> None:
    path = tmp_path / "caisse.toml"
    path.write_text('[themes]\noffers = [{ slug = "fishing" }]\n', encoding="utf-8")
    with pytest.raises(
        CommandError, match=r"\[themes\] offers.0.slug: There is no “fishing” here. Known are employees"
    ):
        _run("caisse", "apply", "ak26", str(path))


def test_file_holds_from_a_later_day_and_can_be_cancelled(file: Path, caisse: CaisseRef) -> None:
    _run("caisse", "apply", "ak26", str(file), "--from", "2099-01-01", "--reason", "new year")
    assert configuration.get(caisse, ContactSection).town == ""
    (line,) = _json("caisse", "history", "ak26", "contact")
    assert (line["state"], line["reason"], line["effective_from"][:13]) == ("pending", "new year", "2098-12-31T23")
    again = _run("caisse", "apply", "ak26", str(file), "--from", "2099-02-01", "--dry-run")
    assert again.strip() == "Nothing to change."
    assert _run("caisse", "cancel", "ak26", "contact", "1").strip() == "Cancelled."
    assert _json("caisse", "history", "ak26", "contact")[0]["state"] == "cancelled"
    with pytest.raises(CommandError, match="only a change that is still to come"):
        _run("caisse", "cancel", "ak26", "contact", "1")


def test_earlier_version_is_compared_and_restored(file: Path, caisse: CaisseRef) -> None:
    _run("caisse", "apply", "ak26", str(file))
    file.write_text('[contact]\ntown = "Thun"\n', encoding="utf-8")
    _run("caisse", "apply", "ak26", str(file))
    assert 'town changes from "Nyon" to "Thun"' in _run("caisse", "compare", "ak26", "contact", "1", "2")
    assert 'town changes from "Nyon" to "Thun"' in _run("caisse", "history", "ak26", "contact")
    assert _run("caisse", "restore", "ak26", "contact", "1").strip() == "Restored."
    assert configuration.get(caisse, ContactSection).town == "Nyon"
    with pytest.raises(CommandError, match="There is no section weather"):
        _run("caisse", "history", "ak26", "weather")


def test_applying_what_holds_already_is_quick(file: Path) -> None:
    _run("caisse", "apply", "ak26", str(file))
    began = time.thread_time()  # what the command works: how long it waits is the machine's mood
    assert _run("caisse", "apply", "ak26", str(file)).strip() == "Nothing to change."
    assert time.thread_time() - began < 0.5


def test_file_is_explained_in_the_language_asked_for() -> None:
    assert "# Nom court: Pour l’en-tête de chaque page." in _run("caisse", "dump", "ak26", "--language", "fr")
    assert "# Short name: For the header of every page." in _run("caisse", "dump", "ak26")


@pytest.mark.parametrize(
    ("preset", "country", "currency", "zone", "languages"),
    [
        ("avs", "CH", "CHF", "Europe/Zurich", ("fr", "de", "it", "en")),
        ("cpam", "FR", "EUR", "Europe/Paris", ("fr",)),
        ("cnss", "DJ", "DJF", "Africa/Djibouti", ("fr",)),
    ],
)
def test_caisse_of_each_preset_opens_where_it_belongs(
    preset: str, country: str, currency: str, zone: str, languages: tuple[str, ...]
) -> None:
    made = _json("caisse", "create", "lac", "--preset", preset)
    assert made["state"] == "active"
    caisse = hosts.get_caisse(made["id"])
    locale = configuration.get(caisse, LocaleSection)
    assert (locale.country, locale.currency, locale.time_zone) == (country, currency, zone)
    assert configuration.get(caisse, LanguagesSection).languages == languages
    assert all(one["ok"] for one in _json("caisse", "doctor", "lac"))
