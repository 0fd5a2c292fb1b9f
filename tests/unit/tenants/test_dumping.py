"""Cutting a dump into statements."""

from __future__ import annotations

from tenants.dumping import split_statements

DUMP = r"""
--
-- PostgreSQL database dump; don't split here
--

\restrict a1B2

SET statement_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);

CREATE SCHEMA tpl_1;

-- Name: odd; Type: TABLE
CREATE TABLE tpl_1."odd;name" (
    id integer DEFAULT '1;2'::text
);
CREATE FUNCTION tpl_1.f() RETURNS void AS $body$ BEGIN; PERFORM 1; END; $body$ LANGUAGE plpgsql;
INSERT INTO tpl_1.t VALUES
	(1, 'it''s; fine'),
	(2, 'first line
-- not a comment
\restrict neither'),
	(3, 5 - 3);
SELECT pg_catalog.setval('tpl_1.a_id_seq', 1, false);
SELECT pg_catalog.setval('tpl_1.b_id_seq', 7, true);

\unrestrict a1B2
"""


def test_statements_are_cut_outside_of_texts_and_names() -> None:
    found = list(split_statements(DUMP))
    assert [one.split()[0:2] for one in found] == [
        ["CREATE", "SCHEMA"],
        ["CREATE", "TABLE"],
        ["CREATE", "FUNCTION"],
        ["INSERT", "INTO"],
        ["SELECT", "pg_catalog.setval('tpl_1.b_id_seq',"],
    ]


def test_texts_keep_what_looks_like_a_comment() -> None:
    insert = list(split_statements(DUMP))[3]
    assert "'first line\n-- not a comment\n\\restrict neither'" in insert
    assert insert.endswith("(3, 5 - 3)")


def test_cutting_again_changes_nothing() -> None:
    once = list(split_statements(DUMP))
    assert list(split_statements(";\n".join(once))) == once
