"""How long data are kept: never below the legal minimum, and apart from how long the portal lists them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from core.configuration.errors import ConfigurationInvalid
from core.configuration.sections import LocaleSection, RetentionRule, RetentionSection
from core.configuration.services import change_sections
from core.documents.selectors import list_dossier
from core.kernel import clock
from core.messaging import desk, desk_parties, papers, selectors
from core.messaging.states import Box
from tenants.scope import tenant_transaction
from tests.support import mailbox


def change(office, *sections):
    with tenant_transaction(office.caisse):
        return change_sections(actor=office.clerk("gilles"), sections=sections)


def send_entry(office):
    with tenant_transaction(office.caisse):
        return mailbox.sent(office.actor())


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("[retention]\nyears = 9\n", "[retention] years: 108 months are less than the 120"),
        (
            '[retention]\nyears = 11\nrules = [{ what = "decision", years = 2 }]\n',
            "[retention] rules.0.years: 24 months are less than the 120",
        ),
        ('[retention]\nrules = [{ what = "nothing" }]\n', "[retention] rules.0.what: There is no “nothing” here."),
        ("[retention]\nyears = 0\n", "[retention]: It must be kept"),
        ("[retention]\ndisplay_months = 121\n", "[retention]: It cannot be shown for longer"),
    ],
)
@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
def test_file_below_the_floor_is_refused_with_section_key_and_reason(office, tmp_path, text, place, dry):
    path = tmp_path / "caisse.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError) as caught:
        call_command("caisse", "apply", office.caisse.slug, str(path), *dry)
    assert place in str(caught.value)


def test_caisse_below_the_floor_is_not_made(office, tmp_path):
    path = tmp_path / "caisse.toml"
    path.write_text("[retention]\nyears = 2\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"\[retention\] years: 24 months"):
        call_command("caisse", "create", "ak77", "--preset", "avs", "--file", str(path))
    with pytest.raises(CommandError):
        call_command("caisse", "show", "ak77")


def test_floor_follows_the_jurisdiction_also_when_that_changes(office):
    short = RetentionSection(years=3)
    with pytest.raises(ConfigurationInvalid, match="OFAS directives"):
        change(office, short)
    change(office, LocaleSection(country="FR", jurisdiction="fr"), short)
    with pytest.raises(ConfigurationInvalid, match=r"\[retention\] years: 36 "):
        change(office, LocaleSection())
    with pytest.raises(ConfigurationInvalid, match=r"24 .* 27 "):
        change(office, RetentionSection(years=2))


def test_what_is_older_than_shown_is_not_listed_but_kept(office):
    anne, sent = office.actor(), send_entry(office)
    with tenant_transaction(office.caisse):
        desk.take_message(actor=office.clerk(), message=sent)
    decided = papers.publish_decision(
        caisse=office.caisse, actor=office.clerk(), message_id=sent.id, title="Décision", text="Oui."
    )
    with tenant_transaction(office.caisse):
        desk.close_message(actor=office.clerk(), message=sent)
    rule = RetentionRule(what="decision", display_months=24)
    change(office, RetentionSection(display_months=12, rules=(rule,)))

    def listed(days):
        with clock.travel(clock.now() + timedelta(days=days)), tenant_transaction(office.caisse):
            boxes = selectors.list_box(anne, Box.DONE).messages, selectors.list_recent(anne)
            dossier = list_dossier(party_id=anne.party_id, displayed=True)
            kept = desk_parties.list_messages(office.clerk(), anne.party_id).messages
            papers_kept = desk_parties.list_documents(office.clerk(), anne.party_id).rows
        assert [one.id for one in kept] == [sent.id]
        assert [one.id for one in papers_kept] == [decided.id]
        return [[one.id for one in found] for found in (*boxes, dossier)]

    assert listed(360) == [[sent.id], [sent.id], [decided.id]]
    assert listed(372) == [[], [], [decided.id]]
    assert listed(735) == [[], [], []]


def test_open_matters_are_listed_whatever_their_age(office):
    anne, sent = office.actor(), send_entry(office)
    change(office, RetentionSection(display_months=1))
    with clock.travel(clock.now() + timedelta(days=900)), tenant_transaction(office.caisse):
        assert [one.id for one in selectors.list_box(anne, Box.SENT).messages] == [sent.id]


def test_pages_say_how_long_things_are_listed_and_kept(office):
    browser, party = office.browser("anne"), office.actor().party_id
    assert "répertorié" not in browser.get(f"/p/{party}/done/").content.decode()
    rules = (
        RetentionRule(what="employees.entry", years=12, months=6, source="CO art. 958f", display_months=18),
        RetentionRule(what="decision", display_months=60),
    )
    change(office, RetentionSection(years=11, display_months=12, rules=rules))
    box = browser.get(f"/p/{party}/done/").context["periods"]
    assert box == [
        "Les messages terminés sont affichés pendant 1 an. La caisse conserve les plus anciens.",
        "«\u202fAnnonce d’entrée\u202f» reste affiché 18 mois après sa clôture.",
    ]
    assert browser.get(f"/p/{party}/inbox/").context["periods"] == []
    dossier = browser.get(f"/p/{party}/dossier/employees/").content.decode()
    assert "Les documents sont affichés pendant 5 ans" in dossier
    legal = browser.get("/legal/").content.decode()
    assert "150 mois" in legal
    assert "CO art. 958f" in legal
    assert "11 ans" in legal
