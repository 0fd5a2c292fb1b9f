"""Reads a salary declaration in the standard ELM 5.0, as a stream, for one compensation fund."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from lxml import etree

from core.intake.findings import of_rule
from core.intake.hardened_xml import locate_invalid, stream_elements
from core.intake.plans import XmlReading
from core.intake.refusals import InvalidXml, InvalidXmlSomewhere, TooManyRows, UnknownXml
from themes.salary_declaration import elm_names as names
from themes.salary_declaration.elm_context import read_once, settle_declaration
from themes.salary_declaration.elm_frame import build_rows
from themes.salary_declaration.elm_institutions import Institutions, choose
from themes.salary_declaration.elm_persons import Persons
from themes.salary_declaration.elm_rules import (
    NO_SALARY_FOR_FUND,
    PERSONS_WITHOUT_AHV,
    SCHEMA_VERSION_UNKNOWN,
    TEST_CASE,
    ElmNotDeclaration,
    ElmVersionOld,
    ElmVersionUnknown,
)

if TYPE_CHECKING:
    import polars as pl

    from core.intake.plans import XmlInput

REPORT_EVERY = 1_000
SHARE_OF_READING = 55
LOCATED_BYTES = 20 * 1024 * 1024


@dataclass(slots=True)
class _Found:
    persons: Persons = field(default_factory=Persons)
    institutions: Institutions = field(default_factory=Institutions)
    once: dict[str, Any] = field(default_factory=dict)


def read_elm(given: XmlInput) -> XmlReading:
    """Return the rows of this caisse's salaries and what the file says once.

    ``context["branch_numbers"]`` names the caisse's funds (``028.000``); where the file speaks to
    several and none or more than one is this caisse's, ``ElmInstitutionUnclear`` asks, and
    ``choices["institution"]`` answers. ``context["schema_folder"]`` names a folder with the XSDs.
    """
    _check_root(given.root)
    schema = _schema(given)
    try:
        with given.path.open("rb") as file:
            found = _stream(file, given, schema)
    except InvalidXmlSomewhere as refusal:
        raise _with_line(given.path, schema) or refusal from refusal
    branches = [str(number) for number in given.context.get("branch_numbers") or ()]
    ahv, fak = choose(found.institutions, branches, given.choices.get("institution"))
    raw, places = build_rows(found.persons, ahv, fak)
    declaration = settle_declaration(found.once, found.institutions, ahv, fak)
    facts = {
        "persons": found.persons.count, "rows": raw.height, "schema_version": found.once.get("schema_version"),
        "institution": ahv,
    }  # fmt: skip
    return XmlReading(raw, places, declaration, facts, tuple(_remarks(found, raw)))


def name_owners(given: XmlInput) -> tuple[str, ...]:
    """Return the affiliates' numbers that the file states to this caisse, each once; none where it names another fund.

    Without ``context["branch_numbers"]`` those stated to any compensation fund.
    """
    _check_root(given.root)
    with given.path.open("rb") as file:
        found = _stream(file, given, None)
    branches = {str(number) for number in given.context.get("branch_numbers") or ()}
    funds = found.institutions.ahv or found.institutions.fak
    ours = [fund.customer for fund in funds if not branches or fund.branch in branches]
    return tuple(dict.fromkeys(number for number in ours if number))


def _check_root(root: str) -> None:
    """Accept ELM 5.0 bare or in an envelope; say what to do about everything else."""
    if root in {names.ROOT, *names.ENVELOPES}:
        return
    version = names.SWISSDEC.match(root)
    if version is None:
        raise UnknownXml(root=root.rpartition(" ")[2] or "?")
    if version[1] == names.VERSION:
        raise ElmNotDeclaration(root=root.rpartition(" ")[2])
    if version[1] in names.KNOWN_VERSIONS or version[1] < names.VERSION:
        raise ElmVersionOld(version=names.KNOWN_VERSIONS.get(version[1], version[1]))
    raise ElmVersionUnknown(version=version[1])


def _stream(file: BinaryIO, given: XmlInput, schema: etree.XMLSchema | None) -> _Found:
    found = _Found()
    size = max(1, os.fstat(file.fileno()).st_size)
    persons = found.persons
    for element in stream_elements(file, (names.PERSON, names.DECLARATION, *names.ONCE), schema):
        if element.tag == names.PERSON:
            persons.add(element)
            if persons.count % REPORT_EVERY == 0:
                _forget_others(element)
                given.report("reading", 5 + SHARE_OF_READING * file.tell() // size)
            if persons.count > given.limits.rows:
                raise TooManyRows(limit=given.limits.rows)
        else:
            read_once(element, found.once, found.institutions)
    if "schema_version" not in found.once:
        raise ElmNotDeclaration(root=given.root.rpartition(" ")[2])
    return found


def _forget_others(person: etree._Element) -> None:
    """Drop the emptied persons before this one; otherwise each would leave a node behind."""
    staff = person.getparent()
    if staff is not None:
        del staff[:-1]


def _schema(given: XmlInput) -> etree.XMLSchema | None:
    """Return the operator's schema if a folder with it is configured; it is not ours to ship."""
    folder = given.context.get("schema_folder")
    if not folder or given.root != names.ROOT:
        return None
    path = Path(folder) / names.VERSION / "SalaryDeclarationServiceTypes.xsd"
    if not path.exists():
        path = Path(folder) / "SalaryDeclarationServiceTypes.xsd"
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.XMLSchema(etree.parse(path, parser))


def _with_line(path: Path, schema: etree.XMLSchema | None) -> InvalidXml | None:
    """Return the refusal with its line, which only a document in memory knows; a large one is not read again."""
    if schema is None or path.stat().st_size > LOCATED_BYTES:
        return None
    return locate_invalid(path.read_bytes(), schema)


def _remarks(found: _Found, raw: pl.DataFrame) -> list[pl.DataFrame]:
    remarks = []
    version = found.once.get("schema_version")
    if version != names.SCHEMA_VERSION:
        remarks.append(of_rule(SCHEMA_VERSION_UNKNOWN, version=version, known=names.SCHEMA_VERSION))
    if found.once.get("test_case"):
        remarks.append(of_rule(TEST_CASE))
    listed = raw.get_column("row").len()
    if found.persons.count and not listed:
        remarks.append(of_rule(NO_SALARY_FOR_FUND, persons=found.persons.count))
    elif found.persons.count > listed:
        remarks.append(of_rule(PERSONS_WITHOUT_AHV, persons=found.persons.count, rows=listed))
    return remarks
