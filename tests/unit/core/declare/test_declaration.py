from __future__ import annotations

import subprocess
import sys
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar

import pytest
from pydantic import ValidationError

from core.declare.declaration import Declaration, Fieldset, FoundFault, Row, fieldsets_of, kinds_of
from core.declare.faults import fault, list_faults, register_faults
from core.declare.kinds import Boolean, Choice, Date, Integer, Money, Text
from core.declare.schema import frozen_schema, json_schema_of
from core.declare.spreadsheet import header_aliases, spell_options, template_columns
from core.declare.texts import fold
from core.kernel.text import N_


class Line(Row):
    name: Annotated[str, Text(label=N_("Name"), help=N_("As registered"), headings={"de": "Nachname", "fr": "Nom"},
                              aliases=("Famille",), examples=("Muster",))]  # fmt: skip
    wage: Annotated[Decimal | None, Money(label=N_("Wage"), currency="CHF", required=False)] = None
    leaves: Annotated[date | None, Date(label=N_("Exit"), required=False)] = None
    gone: Annotated[bool, Boolean(label=N_("Gone"), required=False, empty_is_no=True)] = False


def test_entries_are_cleaned_field_by_field():
    cleaned = Line.clean_entries({"name": " A  b ", "wage": "1'000", "leaves": "31.2.2025", "stranger": "x"})
    assert cleaned.values == {"name": "A b", "wage": Decimal("1000.00"), "gone": False}
    assert cleaned.faults == (FoundFault("leaves", "date_not_in_calendar", {"text": "31.2.2025"}),)
    assert cleaned.entries == {"name": "A b", "wage": "1000.00", "leaves": "31.2.2025", "gone": False}


def test_what_a_draft_keeps_cleans_to_the_same():
    cleaned = Line.clean_entries({"name": "A", "wage": "1.234", "gone": "x"})
    assert Line.clean_entries(cleaned.entries) == cleaned


def test_payload_is_read_back():
    line = Line.from_values({"name": "A", "wage": Decimal("1.50"), "leaves": date(2025, 3, 1), "gone": True})
    assert line.to_payload() == {"name": "A", "wage": "1.50", "leaves": "2025-03-01", "gone": True}
    assert Line.from_values(Line.clean_entries(line.to_payload()).values) == line


def test_pydantic_asks_the_kind():
    with pytest.raises(ValidationError) as caught:
        Line.model_validate({"name": "A", "wage": "1.234"})
    assert [(error["loc"], error["type"]) for error in caught.value.errors()] == [(("wage",), "number_ambiguous")]


def test_default_without_required_false_is_refused():
    with pytest.raises(TypeError, match="a default goes with required=False"):

        class Wrong(Declaration):
            name: Annotated[str, Text(label=N_("Name"))] = "x"


def test_name_of_a_key_column_is_refused():
    with pytest.raises(TypeError, match="taken by every row table"):

        class Wrong(Row):
            row_number: Annotated[int, Integer(label=N_("Number"))]


def test_fieldsets_must_be_complete():
    with pytest.raises(TypeError, match="must name every field once"):

        class Wrong(Declaration):
            fieldsets: ClassVar[tuple[Fieldset, ...]] = (Fieldset(N_("One"), ("name",)),)
            name: Annotated[str, Text(label=N_("Name"))]
            other: Annotated[str, Text(label=N_("Other"))]


def test_field_without_kind_is_refused():
    with pytest.raises(TypeError, match="no kind for name"):

        class Wrong(Declaration):
            name: str


def test_without_fieldsets_all_fields_stand_together():
    assert [fieldset.fields for fieldset in fieldsets_of(Line)] == [tuple(kinds_of(Line))]


def test_schema_admits_null_only_where_empty_is_possible():
    schema = json_schema_of(Line, translate=str.upper)
    assert schema["required"] == ["name"]
    assert schema["properties"]["name"]["type"] == "string"
    assert schema["properties"]["wage"]["type"] == ["string", "null"]
    assert (schema["properties"]["name"]["title"], schema["properties"]["name"]["description"]) == (
        "NAME",
        "AS REGISTERED",
    )


def test_frozen_schema_leaves_wording_out():
    assert "As registered" not in frozen_schema("theme.kind", 1, Line, Line)


def test_template_speaks_the_language_of_its_reader():
    first = template_columns(Line, language="de-CH", translate=str.upper)[0]
    assert (first.heading, first.help, first.example, first.required) == ("Nachname", "AS REGISTERED", "Muster", True)
    assert template_columns(Line, language="it")[0].heading == "Name"
    assert template_columns(Line, language="fr")[3].choices == ("x",)


def test_headings_are_known_again_however_they_are_spelt():
    aliases = header_aliases(Line, {"whole": ("Nom, Prénom",)})
    assert [aliases[fold(heading)] for heading in ("NOM", "nach name", "Famille*", "nom et prénom", "nom, prenom") if fold(heading) in aliases] == [
        "name", "name", "name", "whole",
    ]  # fmt: skip


def test_fault_codes_mean_one_thing():
    known = list_faults()[0]
    with pytest.raises(ValueError, match="declared twice"):
        register_faults([fault(known.code, N_("Other"), N_("Other."), N_("Other."))])


def test_child_side_needs_no_django():
    modules = "core.declare.kinds, core.declare.frame, core.declare.spreadsheet, core.declare.schema, core.parameters.book, core.jurisdictions.ch.kinds, core.jurisdictions.ch.columns"
    script = f"import sys, {modules}; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_web_side_needs_no_polars():
    script = "import sys, core.declare.declaration, core.declare.kinds, core.jurisdictions.ch.kinds, core.parameters.book; sys.exit('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_entries_of_a_list_are_spelt_with_their_meaning():
    kind = Choice(label="Reason", choices={"OwnerWife": "wife of the owner", "other": "other"})
    assert spell_options(kind, "en") == ["OwnerWife = wife of the owner", "other"]
    assert spell_options(Boolean(label="Last", empty_is_no=True), "en", str.upper) == ["true = YES", "false = NO"]
