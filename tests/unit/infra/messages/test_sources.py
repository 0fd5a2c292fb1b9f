from __future__ import annotations

import pytest

from infra.messages.sources import gather

PYTHON = """
from django.utils.translation import gettext as _, ngettext_lazy, pgettext_lazy
from core.kernel.text import N_
LABEL = N_("Gross salary")
def texts(count):
    return _("Sent by %(name)s"), ngettext_lazy("One file", "%(count)s files", count), pgettext_lazy("month", "May")
"""
TEMPLATE = """
{% load i18n %}
<ul>
  <li>{% translate "My drafts" %}</li>
    {% blocktranslate trimmed with name=party.name %}
      For <b>{{ name }}</b>
    {% endblocktranslate %}
  {{ _("Nothing yet")|upper }}
</ul>
"""
ERRORS = '''
class FileLost(NotFound):
    """The file is
    no longer there."""
class NotFound(errors.RelaisError):
    """Nothing is here."""
class Other(Exception):
    """Not for people."""
'''


@pytest.fixture
def gathered(tmp_path):
    for name, text in {"core/a.py": PYTHON, "core/templates/a.html": TEMPLATE, "themes/errors.py": ERRORS}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return gather(tmp_path)


@pytest.mark.parametrize(
    "msgid",
    ["Gross salary", "Sent by %(name)s", "My drafts", "For <b>%(name)s</b>", "Nothing yet"],
)
def test_texts_of_python_and_templates_are_found(gathered, msgid):
    assert gathered.get(msgid) is not None


def test_docstrings_of_errors_are_texts_and_those_of_other_classes_are_not(gathered):
    assert gathered.get("The file is no longer there.")
    assert gathered.get("Nothing is here.")
    assert gathered.get("Not for people.") is None


def test_plural_and_context_are_kept(gathered):
    assert gathered.get("One file").id == ("One file", "%(count)s files")
    assert gathered.get("May", "month").context == "month"


def test_placeholders_are_marked_so_that_translations_can_be_compared(gathered):
    assert "python-format" in gathered.get("Sent by %(name)s").flags
