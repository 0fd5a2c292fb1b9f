"""``manage.py caisse key``, ``export``, ``import`` and ``delete``: for people at the terminal."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from core.configuration.acts import Act, register_act
from core.configuration.operations import OPERATOR, find_caisse
from core.transfer import deleting, removing, sealing
from core.transfer.archive import CHUNK_BYTES
from core.transfer.errors import DeletionUnknown
from core.transfer.exporting import Export
from core.transfer.importing import Import, import_caisse
from core.transfer.keys import choose_public_key
from core.transfer.services import note_export
from tenants.addresses import parse_address
from tenants.portal import portal_url
from tenants.scope import platform_transaction

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable, Iterator

    from core.kernel.text import Text

    Report = Callable[[str, int, int], None]
    Answer = tuple[Any, str]


def register() -> None:
    """Join the sub-commands."""
    register_act(Act("key", "Make a key pair for exports; the private half goes into a file.", _key_arguments, _key))
    register_act(Act("export", "Write a caisse into one encrypted file.", _export_arguments, _export))
    register_act(Act("import", "Make a caisse of an export.", _import_arguments, _import))
    register_act(Act("delete", "Delete a caisse after the waiting time.", _delete_arguments, _delete))


def _key_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="Where the private key is written; it must not exist yet.")


def _key(options: dict[str, Any], _progress: Report) -> Answer:
    private, public = sealing.new_private_key()
    descriptor = os.open(options["file"], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"# public key: {public}\n{private}\n")
    return {"public_key": public, "file": str(options["file"])}, public


def _export_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("slug")
    parser.add_argument("--to", type=Path, required=True, help="The file to write; it must not exist yet.")
    parser.add_argument("--key", default="", help="Public key (age1…); without it the one that the caisse has given.")


def _export(options: dict[str, Any], progress: Report) -> Answer:
    caisse, target = find_caisse(options["slug"]), Path(options["to"])
    export = Export(
        caisse=caisse,
        actor=OPERATOR,
        public_key=choose_public_key(caisse, options["key"]),
        progress=_told(progress),
    )
    draft = target.with_name(f".{target.name}.part")
    try:
        with draft.open("xb") as file:
            os.fchmod(file.fileno(), 0o600)
            for piece in export.pieces():
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, target)  # unlike a rename, a link never replaces what is there
    finally:
        draft.unlink(missing_ok=True)
    note_export(actor=OPERATOR, caisse=caisse, public_key=export.public_key)
    size = target.stat().st_size
    data = {"file": str(target), "bytes": size, **(export.closing.model_dump() if export.closing else {})}
    return data, f"{options['slug']} is in {target} ({size} bytes)"


def _import_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", type=Path)
    parser.add_argument("slug")
    parser.add_argument("--key-file", required=True, help="The file with the private key; - reads standard input.")
    parser.add_argument("--host", action="append", default=[], help="An address of its own, HOST or HOST/PREFIX.")
    parser.add_argument("--trust", default="", help="The signing key of another platform, as it was told to you.")


def _import(options: dict[str, Any], progress: Report) -> Answer:
    named = options["key_file"]
    text = sys.stdin.read() if named == "-" else Path(named).read_text(encoding="utf-8")
    made = import_caisse(
        Import(
            source=lambda: _pieces_of(options["file"]),
            private_key=sealing.read_private_key(text),
            slug=options["slug"],
            actor=OPERATOR,
            hosts=tuple(parse_address(host) for host in options["host"]),
            trusted_key=options["trust"],
            progress=_told(progress),
        )
    )
    absent = [f"{one.section}.{one.field}" for one in made.secrets_absent]
    data = {
        "id": made.caisse.id,
        "slug": made.caisse.slug,
        "address": f"{portal_url(made.caisse)}/",
        "rows": made.rows,
        "documents": made.documents,
        "enter_anew": absent,
    }
    lines = [f"{made.caisse.slug} is open at {data['address']}"]
    if absent:
        lines.append(f"Secrets do not travel; enter anew: {', '.join(absent)}")
    return data, "\n".join(lines)


def _delete_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("slug")
    parser.add_argument("--reason", default="", help="Why; for operators.")
    parser.add_argument("--now", action="store_true", help="At once; only what never opened.")
    parser.add_argument("--cancel", action="store_true", help="Give up a deletion that was asked for.")


def _delete(options: dict[str, Any], _progress: Report) -> Answer:
    caisse = find_caisse(options["slug"])
    if options["now"]:
        removing.delete_unopened(caisse=caisse)
        return {"slug": caisse.slug, "state": "done"}, f"What there was of {caisse.slug} is gone."
    if options["cancel"]:
        with platform_transaction():
            found = deleting.get_open_deletion(caisse)
        if found is None:
            raise DeletionUnknown
        deletion = deleting.cancel_deletion(actor=OPERATOR, deletion_id=found.id)
    else:
        deletion = deleting.ask_deletion(actor=OPERATOR, caisse=caisse, reason=options["reason"])
    data = {"id": str(deletion.id), "slug": deletion.slug, "state": deletion.state, "due_at": deletion.due_at}
    return data, _DELETION_LINES[deletion.state] % {"slug": deletion.slug, "due": deletion.due_at}


_DELETION_LINES = {
    "asked": "Asked for. An operator must confirm the deletion of %(slug)s in the console.",
    "waiting": "%(slug)s is closed and will be deleted on %(due)s. Cancel it until then with --cancel.",
    "cancelled": "The deletion of %(slug)s is cancelled.",
}


def _told(progress: Report) -> Callable[[Text, int, int], None]:
    return lambda label, number, total: progress(gettext(label), number, total)


def _pieces_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(CHUNK_BYTES):
            yield piece
