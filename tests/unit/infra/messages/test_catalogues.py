from __future__ import annotations

import gettext

import pytest

from infra.messages import catalogues

SOURCE = 'LABEL = N_("Sent by %(name)s")\n'


@pytest.fixture
def root(tmp_path):
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "texts.py").write_text(SOURCE)
    catalogues.update(tmp_path)
    return tmp_path


def _translate(root, old, new):
    for language in catalogues.LANGUAGES:
        file = catalogues.po_file(root, language)
        file.write_text(file.read_text().replace(old, new))


def test_new_text_is_a_fault_in_every_language_until_translated(root):
    assert len(catalogues.list_faults(root)) == 3
    _translate(root, 'name)s"\nmsgstr ""', 'name)s"\nmsgstr "Envoyé par %(name)s"')
    assert catalogues.list_faults(root) == []


def test_lost_placeholder_is_a_fault(root):
    _translate(root, 'name)s"\nmsgstr ""', 'name)s"\nmsgstr "Envoyé par %(nom)s"')
    assert "placeholder" in catalogues.list_faults(root)[0]


def test_update_keeps_translations_and_drops_what_is_gone(root):
    _translate(root, 'name)s"\nmsgstr ""', 'name)s"\nmsgstr "Envoyé par %(name)s"')
    (root / "core" / "texts.py").write_text(SOURCE + 'OTHER = N_("Other")\n')
    catalogues.update(root)
    french = catalogues.read(root, "fr")
    assert french.get("Sent by %(name)s").string == "Envoyé par %(name)s"
    (root / "core" / "texts.py").write_text('OTHER = N_("Other")\n')
    catalogues.update(root)
    assert "Sent by" not in catalogues.po_file(root, "fr").read_text()


def test_compiled_catalogue_is_read_by_gettext(root):
    _translate(root, 'name)s"\nmsgstr ""', 'name)s"\nmsgstr "Envoyé par %(name)s"')
    catalogues.compile_all(root)
    found = gettext.translation("django", root / "infra" / "locale", ["fr"])
    assert found.gettext("Sent by %(name)s") == "Envoyé par %(name)s"


def test_theme_keeps_its_own_catalogues_apart_from_the_project(root):
    theme = root / "themes" / "fishing"
    theme.mkdir(parents=True)
    (theme / "theme.py").write_text('TITLE = N_("Fishing")\n')
    catalogues.update(root)
    assert catalogues.read(root, "fr").get("Fishing")
    catalogues.update(theme)
    catalogues.update(root)
    assert catalogues.po_file(theme, "fr") == theme / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    assert [message.id for message in catalogues.read(theme, "fr") if message.id] == ["Fishing"]
    assert catalogues.read(root, "fr").get("Fishing") is None


def test_sentence_copied_from_another_language_is_a_fault(root):
    (root / "core" / "texts.py").write_text('LABEL = N_("Sent to the caisse by %(name)s")\n')
    catalogues.update(root)
    _translate(root, 'by %(name)s"\nmsgstr ""', 'by %(name)s"\nmsgstr "Envoyé à la caisse par %(name)s"')
    assert [fault.partition(":")[0] for fault in catalogues.list_faults(root)] == [
        "fr and de",
        "fr and it",
        "de and it",
    ]
