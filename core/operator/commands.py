"""``manage.py platform operator``: the first operator is made here, and who is locked out gets back in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from core.kernel.actors import Actor
from core.operator import people
from core.operator.enrolment import link_address
from core.operator.errors import OperatorUnknown
from core.operator.selectors import Filters, list_operators
from core.operator.sign_in import normalise_email
from tenants.models import Operator
from tenants.registration import PlatformCommand, register_platform_command
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable, Mapping

    Write = Callable[[str], None]

SHELL = Actor.system("command line")
_ALL = 1_000_000


def add_arguments(parser: ArgumentParser) -> None:
    """Take what to do with whom."""
    steps = parser.add_subparsers(dest="step", required=True)
    adding = steps.add_parser("add", help="Add an operator and print her one-time link.")
    adding.add_argument("email")
    adding.add_argument("--name", required=True)
    listing = steps.add_parser("list", help="List the operators.")
    listing.add_argument("--json", action="store_true", dest="as_json")
    for name, text in _STEPS.items():
        steps.add_parser(name, help=text).add_argument("email")


_STEPS = {
    "block": "Sign an operator out at once and keep her out.",
    "unblock": "Admit a blocked operator again.",
    "reset": "Remove all that an operator signs in with, and print a one-time link.",
    "invite": "Print another link for an operator who has not set up her sign-in.",
}


def run(options: Mapping[str, Any], write: Write) -> None:
    """Do it, and write what came of it."""
    step = options["step"]
    if step == "list":
        _list(write, as_json=options["as_json"])
    elif step == "add":
        with platform_transaction():
            made, secret = people.add_operator(actor=SHELL, email=options["email"], name=options["name"])
        _say_link(write, made, secret)
    else:
        _take(step, options["email"], write)


def _take(step: str, email: str, write: Write) -> None:
    with platform_transaction():
        found = Operator.objects.filter(email__iexact=normalise_email(email)).first()
        if found is None:
            raise OperatorUnknown
        secret = ""
        if step == "block":
            people.block_operator(actor=SHELL, operator_id=found.id)
        elif step == "unblock":
            people.unblock_operator(actor=SHELL, operator_id=found.id)
        elif step == "reset":
            _found, secret = people.reset_operator(actor=SHELL, operator_id=found.id)
        else:
            _found, secret = people.invite_again(actor=SHELL, operator_id=found.id)
    if secret:
        _say_link(write, found, secret)
    else:
        write(f"{found.email}: {step}ed")


def _say_link(write: Write, operator: Operator, secret: str) -> None:
    write(f"{operator.name} sets up her sign-in here, once, within 60 minutes:")
    write(link_address(secret))


def _list(write: Write, *, as_json: bool) -> None:
    with platform_transaction():
        listed = list_operators(Filters(), limit=_ALL).rows
    if as_json:
        rows = [
            {"email": one.operator.email, "name": one.operator.name, "state": one.standing, "passkeys": one.passkeys}
            for one in listed
        ]
        write(json.dumps(rows, ensure_ascii=False))
        return
    for one in listed:
        write(f"{one.operator.email}  {one.operator.name}  {one.standing}")


register_platform_command(
    PlatformCommand("operator", "Add, list, block, unblock and reset operators.", add_arguments, run)
)
