"""The promise of "declared once", kept by every registered message type: one value and one code on every surface."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import polars as pl
import pytest
from django.utils.translation import override
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from core.api import inputs
from core.catalogue import registry
from core.declare.columns import column_of
from core.declare.declaration import Row, kinds_of
from core.declare.faults import get_fault
from core.declare.frame import canonicalise
from core.declare.kinds import FieldFault
from core.declare.schema import frozen_schema, json_schema_of, schema_file
from core.declare.spreadsheet import HEADING_LANGUAGES, header_aliases, heading_of
from core.declare.texts import fold
from core.web.fields import build_form
from tests.unit.core.declare.kind_samples import KNOWN_TEXTS

TYPES = registry.list_all_types()
WITH_ROWS = [one for one in TYPES if one.rows]
TYPED = [*KNOWN_TEXTS, "", "  "]


def named(types):
    return {"argvalues": types, "ids": [f"{one.key}-v{one.version}" for one in types]}


def schemas_of(theme):
    return Path(find_spec(f"themes.{theme}").origin).parent / "schemas"


def models_of(message_type):
    return [model for model in (message_type.declaration, message_type.rows) if model]


def by_kind(kind, text):
    try:
        value = kind.clean(text)
    except FieldFault as fault:
        return fault.code, text
    return None, None if value is None else kind.to_json(value)


def by_pydantic(model, name, text):
    try:
        model.model_validate({name: text})
    except ValidationError as error:
        return next((one["type"] for one in error.errors() if one["loc"] == (name,)), None)
    return None


def by_rest(message_type, name, text):
    try:
        return None, inputs.canonical(message_type, {name: text})[name]
    except inputs.EntriesFaulty as error:
        return error.params["faults"][0]["code"], text


def by_page(model, name, text):
    with override("en"):
        form = build_form(model, {name: text}, show_missing=True)
    field = next(one for fieldset in form.fieldsets for one in fieldset.fields if one.name == name)
    return field.fault, field.value


def test_there_are_types_to_look_at():
    assert {one.theme for one in TYPES} >= {"salary_declaration", "employees"}
    assert WITH_ROWS


@pytest.mark.parametrize("message_type", **named(TYPES))
def test_page_and_rest_and_model_say_the_same(message_type):
    for name, kind in kinds_of(message_type.declaration).items():
        for text in TYPED:
            code, entry = by_kind(kind, text)
            assert by_rest(message_type, name, text) == (code, entry), (name, text)
            assert by_pydantic(message_type.declaration, name, text) == code, (name, text)
            shown_fault, shown = by_page(message_type.declaration, name, text)
            assert bool(shown_fault) == bool(code), (name, text)
            assert code or by_kind(kind, shown) == (None, entry), (name, text)


@pytest.mark.parametrize("message_type", **named(WITH_ROWS))
def test_file_and_page_say_the_same_of_every_row(message_type):
    kinds = kinds_of(message_type.rows)
    raw = pl.DataFrame({"row": range(1, len(TYPED) + 1), **dict.fromkeys(kinds, TYPED)})
    typed, findings = canonicalise(raw, message_type.rows)
    codes = {(row, field): code for row, field, code, _, _ in findings.iter_rows()}
    values = {row[0]: dict(zip(typed.columns, row, strict=True)) for row in typed.iter_rows()}
    for number, text in enumerate(KNOWN_TEXTS, start=1):
        for name, kind in kinds.items():
            code, entry = by_kind(kind, text)
            assert codes.get((number, name)) == code, (name, text)
            stored = None if code or entry is None else column_of(kind).store(kind.clean(text))
            assert values[number][name] == stored, (name, text)


@pytest.mark.parametrize("message_type", **named(TYPES))
def test_canonical_entries_keep_their_schema(message_type):
    for model in models_of(message_type):
        schema = json_schema_of(model)
        Draft202012Validator.check_schema(schema)
        for name, kind in kinds_of(model).items():
            validator = Draft202012Validator(schema["properties"][name])
            for text in TYPED:
                code, entry = by_kind(kind, text)
                assert code or validator.is_valid(entry), (name, text, entry)


@pytest.mark.parametrize("message_type", **named(TYPES))
def test_published_version_is_frozen(message_type):
    file = schema_file(schemas_of(message_type.theme), message_type.key, message_type.version)
    now = frozen_schema(message_type.key, message_type.version, message_type.declaration, message_type.rows)
    if not file.exists():
        file.parent.mkdir(exist_ok=True)
        file.write_text(now, encoding="utf-8")
        pytest.fail(f"{file} is new and was written: look at it and commit it")
    assert file.read_text(encoding="utf-8") == now, "a published version is frozen: declare a new version instead"


def test_no_schema_is_left_over():
    known = {schema_file(schemas_of(one.theme), one.key, one.version) for one in TYPES}
    assert {file for theme in {one.theme for one in TYPES} for file in schemas_of(theme).glob("*.json")} == known


@pytest.mark.parametrize("message_type", **named(WITH_ROWS))
def test_template_in_any_language_is_read_back(message_type):
    aliases = header_aliases(message_type.rows)
    for language in HEADING_LANGUAGES:
        for name, kind in kinds_of(message_type.rows).items():
            assert kind.headings.get(language), (name, language)
            assert aliases[fold(heading_of(kind, language))] == name, (name, language)


@pytest.mark.parametrize("message_type", **named(WITH_ROWS))
def test_table_has_a_nullable_column_for_every_field(message_type):
    table = message_type.row_table()
    fields = {
        field.name: field.null
        for field in table._meta.get_fields()
        if field.name not in {"pk", "message_id", "row_number"}
    }
    assert fields == dict.fromkeys(kinds_of(message_type.rows), True)
    assert [field.name for field in table._meta.pk.fields] == ["message_id", "row_number"]


@pytest.mark.parametrize("message_type", **named(TYPES))
def test_every_fault_can_be_told(message_type):
    for model in models_of(message_type):
        for kind in kinds_of(model).values():
            for text in TYPED:
                code, _ = by_kind(kind, text)
                assert code is None or (get_fault(code).why and get_fault(code).fix)


def test_rows_are_rows():
    assert all(issubclass(one.rows, Row) for one in WITH_ROWS)
