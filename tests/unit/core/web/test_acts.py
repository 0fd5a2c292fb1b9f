"""Contract over the code: what is written about a person's access has a name in her history."""

from __future__ import annotations

import ast
from itertools import chain
from pathlib import Path

import pytest

from core.accounts.memberships.wording import ACTIONS as OF_MEMBERS
from core.messaging.states import EVENT_LABELS
from core.web.acts import ACTIONS, OF_ACCESS

ROOT = Path(__file__).parents[4]
# Helpers that write about a user: their action stands as a word among the arguments.
HELPERS = {"_note", "note"}
ROOMS = ["core/accounts", "core/web/sign_in", "core/enrolment"]
# Neither about a user nor for a company: applications, and the support access, which have lists of their own.
OTHERS = {"application_approved", "application_refused", "application_received", "codes_sent_again"}
OTHERS |= {"charter_accepted", "charter_declined"}
OTHERS |= {f"support_{what}" for what in ("asked", "granted", "refused", "entered", "ended")}


def words_in(node):
    """Return the actions that an expression can be: one, or either of two."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    return [*words_in(node.body), *words_in(node.orelse)] if isinstance(node, ast.IfExp) else []


def written_in(path):
    """Return the actions that a module records about users."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        named = {one.arg: one.value for one in node.keywords}
        if name in {"record", "record_once", "put_in_force"} and words_in(named.get("object_type")) in (["user"], []):
            yield from words_in(named.get("action"))
        if name in HELPERS:
            yield from chain.from_iterable(words_in(one) for one in node.args)


WRITTEN = sorted({one for room in ROOMS for path in (ROOT / room).rglob("*.py") for one in written_in(path)} - OTHERS)


def test_something_is_found():
    assert {"signed_in", "factor_added", "device_forgotten", "password_chosen", "code_refused"} <= set(WRITTEN)


@pytest.mark.parametrize("action", [*WRITTEN, "certificate_removed", "openid_removed"])
def test_act_about_an_access_has_a_name(action):
    named = ACTIONS.keys() | OF_ACCESS.keys() | OF_MEMBERS.keys() | EVENT_LABELS.keys()
    assert action in named


def test_each_act_is_named_once():
    assert ACTIONS.keys() & OF_ACCESS.keys() == set()
