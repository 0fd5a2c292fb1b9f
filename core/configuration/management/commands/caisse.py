"""``manage.py caisse``: what an operator does with caisses; every answer also as JSON."""

from __future__ import annotations

import json
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from core.configuration import configuration, operations, revisions
from core.configuration.acts import find_act, list_acts
from core.configuration.sections import SUPPORTED_LANGUAGES
from core.kernel.errors import RelaisError

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.core.management.base import CommandParser

    from core.configuration.acts import Act


_MARKS = {"ok": "ok  ", "warning": "WARN", "bad": "BAD "}


def _line(finding: dict[str, Any]) -> str:
    head = f"{finding['caisse'] or 'platform':<16} {_MARKS[finding['level']]} {finding['title']}: {finding['seen']}"
    return f"{head}\n{'':<22}{finding['advice']}" if finding["advice"] else head


def _add_history(acts: Any) -> None:
    history = acts.add_parser("history", help="Show the versions of a section and what each changed.")
    compare = acts.add_parser("compare", help="Show what differs between two versions; 0 stands for the defaults.")
    restore = acts.add_parser("restore", help="Let an earlier version of a section hold again.")
    cancel = acts.add_parser("cancel", help="Cancel a change that is still to come.")
    for sub in (history, compare, restore, cancel):
        sub.add_argument("slug")
        sub.add_argument("section")
    for sub in (restore, cancel):
        sub.add_argument("version", type=int)
        sub.add_argument("--reason", default="")
    compare.add_argument("older", type=int)
    compare.add_argument("newer", type=int)


class Command(BaseCommand):
    """Create, show, configure, suspend, resume, migrate and examine caisses."""

    help = (
        "Caisses: create, list, show, apply, dump, history, compare, restore, cancel, suspend, resume, migrate, doctor,"
        " key, export, import, delete."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """One sub-command for each act."""
        acts = parser.add_subparsers(dest="act", required=True)
        create = acts.add_parser("create", help="Make a caisse, or finish one whose making was interrupted.")
        create.add_argument("slug")
        create.add_argument("--preset", default="")
        create.add_argument("--file", type=Path)
        create.add_argument("--host", action="append", default=[], help="An address of its own, HOST or HOST/PREFIX.")
        create.add_argument("--name", default="")
        apply = acts.add_parser("apply", help="Apply a configuration file; all of it or nothing.")
        apply.add_argument("slug")
        apply.add_argument("file", type=Path)
        apply.add_argument("--dry-run", action="store_true", help="Only say what would change.")
        apply.add_argument("--from", dest="begins", type=date.fromisoformat, help="A later day from which it holds.")
        apply.add_argument("--reason", default="caisse apply", help="Why; stands in the history.")
        _add_history(acts)
        suspend = acts.add_parser("suspend", help="Close a caisse's portal; its data stays.")
        suspend.add_argument("slug")
        suspend.add_argument("--reason", default="maintenance")
        for act, text in (
            ("show", "Show one caisse."),
            ("resume", "Open a suspended portal again."),
        ):
            acts.add_parser(act, help=text).add_argument("slug")
        dump = acts.add_parser("dump", help="Print its configuration file.")
        dump.add_argument("slug")
        dump.add_argument("--language", choices=SUPPORTED_LANGUAGES, default="en", help="Language of its comments.")
        acts.add_parser("list", help="List all caisses.")
        acts.add_parser("migrate", help="Bring every caisse up to this version.")
        examine = acts.add_parser("doctor", help="Examine one caisse or all; status 1 when something is bad.")
        examine.add_argument("slug", nargs="?", default="")
        examine.add_argument("--all", action="store_true", help="All caisses, as without a name.")
        for added in list_acts():
            added.add_arguments(acts.add_parser(added.name, help=added.help))
        for sub in acts.choices.values():
            sub.add_argument("--json", action="store_true", help="Answer as JSON.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do what was asked; our own errors end with their message and status 1."""
        added = find_act(options["act"])
        act: Callable[[dict[str, Any]], None] = (
            partial(self._run, added) if added else getattr(self, f"_{options['act']}")
        )
        try:
            # What sections say against a value is translated; an operator's terminal reads English.
            with translation.override("en"):
                act(options)
        except RelaisError as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error

    def _run(self, added: Act, options: dict[str, Any]) -> None:
        def progress(label: str, number: int, total: int) -> None:
            self.stderr.write(f"  {number}/{total} {label}")

        data, text = added.run(options, progress)
        self._say(options, data, text)

    def _say(self, options: dict[str, Any], data: Any, text: str) -> None:
        self.stdout.write(json.dumps(data, default=str, indent=2) if options["json"] else text)

    def _create(self, options: dict[str, Any]) -> None:
        file = options["file"].read_text(encoding="utf-8") if options["file"] else ""

        def progress(label: str, number: int, total: int) -> None:
            self.stderr.write(f"  {number}/{total} {label}")

        caisse = operations.create(
            slug=options["slug"],
            preset=options["preset"],
            file=file,
            hosts=options["host"],
            name=options["name"],
            progress=progress,
        )
        data = operations.describe(options["slug"])
        self._say(options, data, f"{caisse.slug} is open at {data['address']}")

    def _list(self, options: dict[str, Any]) -> None:
        found = operations.list_all()
        lines = [f"{one['slug']:<16} {one['state']:<14} {one['name']}" for one in found]
        self._say(options, found, "\n".join(lines) or "There is no caisse yet.")

    def _show(self, options: dict[str, Any]) -> None:
        found = operations.describe(options["slug"])
        self._say(options, found, "\n".join(f"{name}: {value}" for name, value in found.items()))

    def _apply(self, options: dict[str, Any]) -> None:
        text = options["file"].read_text(encoding="utf-8")
        lines = operations.apply(
            options["slug"], text, dry_run=options["dry_run"], reason=options["reason"], begins=options["begins"]
        )
        head = "Would change:" if options["dry_run"] else "Changed:"
        self._say(options, {"changes": lines}, "\n".join([head, *lines]) if lines else "Nothing to change.")

    def _history(self, options: dict[str, Any]) -> None:
        found = revisions.list_history(options["slug"], options["section"])
        lines = [
            f"{one['version']:>4} {one['state']:<10} {one['made_at'][:16]} {one['made_by']} {one['reason']}"
            + "".join(f"\n       {change}" for change in one["changes"])
            for one in found
        ]
        self._say(options, found, "\n".join(lines) or "Nothing was changed yet; the platform's defaults hold.")

    def _compare(self, options: dict[str, Any]) -> None:
        lines = revisions.compare(options["slug"], options["section"], options["older"], options["newer"])
        self._say(options, {"changes": lines}, "\n".join(lines) or "No difference.")

    def _restore(self, options: dict[str, Any]) -> None:
        place = options["slug"], options["section"]
        changed = revisions.restore(*place, options["version"], options["reason"])
        self._say(options, {"changed": changed}, "Restored." if changed else "Nothing to change.")

    def _cancel(self, options: dict[str, Any]) -> None:
        revisions.cancel(options["slug"], options["section"], options["version"], options["reason"])
        self._say(options, {"cancelled": options["version"]}, "Cancelled.")

    def _dump(self, options: dict[str, Any]) -> None:
        text = operations.dump(options["slug"], language=options["language"])
        self._say(options, {"file": text}, text)

    def _suspend(self, options: dict[str, Any]) -> None:
        operations.suspend(options["slug"], options["reason"])
        self._say(options, operations.describe(options["slug"]), f"{options['slug']} is suspended.")

    def _resume(self, options: dict[str, Any]) -> None:
        operations.resume(options["slug"])
        self._say(options, operations.describe(options["slug"]), f"{options['slug']} is open.")

    def _migrate(self, options: dict[str, Any]) -> None:
        outcomes = operations.migrate(lambda slug, error: self.stderr.write(f"  {slug}: {error or 'migrated'}"))
        failed = [one for one in outcomes if one["error"]]
        done = f"{len(outcomes) - len(failed)} migrated." if outcomes else "All caisses are up to date."
        self._say(options, outcomes, done)
        if failed:
            raise CommandError(f"{len(failed)} of {len(outcomes)} failed; run the command again.")

    def _doctor(self, options: dict[str, Any]) -> None:
        configuration.forget()
        if options["slug"] and options["all"]:
            raise CommandError("Name one caisse, or say --all.")
        checks = operations.examine(options["slug"])
        self._say(options, checks, "\n".join(_line(one) for one in checks))
        if not all(one["ok"] for one in checks):
            raise CommandError("Something needs attention.")
