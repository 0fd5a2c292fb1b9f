"""Out and in again: every table, document and setting, receipts, sign-in; whatever happens on the way."""

from __future__ import annotations

import json
import subprocess
import tracemalloc
from contextlib import contextmanager

import pytest
from django.db import connection

from core.audit.models import Entry
from core.configuration import operations
from core.documents import services as documents
from core.documents import trust
from core.documents.evidence import seals
from core.documents.evidence.keys import Keyring, new_key
from core.documents.models import Document
from core.documents.ports import get_store
from core.messaging import receipts, rows
from core.messaging.models import Receipt
from core.outbox.services import drain
from core.transfer import importing, sealing, tables
from core.transfer.commands import _pieces_of
from core.transfer.errors import (
    DocumentLost,
    ExportDamaged,
    ExportNewer,
    ExportOfOtherTables,
    ExportUntrusted,
    NoExport,
    WrongKey,
)
from core.transfer.exporting import Export
from tenants.errors import HostTaken, ImportUnfinished, SlugMalformed, SlugTaken
from tenants.models import Caisse
from tenants.provisioning import create_caisse
from tenants.registration import Request
from tenants.scope import platform_transaction, tenant_transaction
from tests.support import mailbox
from tests.support.browsing import Browser
from tests.support.export import OPERATOR, PRIVATE, PUBLIC, bring, close_export, digest, export, open_export, seal
from tests.support.mailbox import WAGE
from tests.support.people import give_password, read_code


class Killed(BaseException):
    """Stands for a kill: nothing in the code catches it."""


@pytest.fixture
def filled(office):
    """The caisse with a message that was sent, rows, documents in each state, and settings with history."""
    caisse, anne = office.caisse, office.actor("anne")
    with tenant_transaction(caisse):
        mailbox.sent(anne)
    _store(caisse, b"%PDF-1.7\nclean", "clean.pdf")
    documents.store_upload(
        caisse=caisse,
        actor=anne,
        chunks=[b"a,b\n1,2\n"],
        filename="new.csv",
        placement=documents.Placement(kind="upload"),
    )
    operations.apply(caisse.slug, '[branding]\nname = "Caisse d\'essai"\n', dry_run=False)
    operations.apply(caisse.slug, '[branding]\nname = "Ausgleichskasse «Probe»"\n', dry_run=False)
    return office


def _store(caisse, content, name):
    return documents.store_generated(
        caisse=caisse, actor=OPERATOR, content=content, filename=name, placement=documents.Placement(kind="decision")
    )


def _rows(caisse):
    """Return a digest over each travelling table's rows."""
    found = {}
    with tenant_transaction(caisse), connection.cursor() as cursor:
        for model in tables.list_travelling():
            columns = ", ".join(f'"{one.column}"' for one in model._meta.local_concrete_fields)
            cursor.execute(
                f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)), count(*) FROM (SELECT {columns} FROM \"{model._meta.db_table}\") t"
            )
            found[model._meta.db_table] = cursor.fetchone()
    return found


def _objects(caisse):
    return {
        one.key.split("/")[1]: b"".join(get_store().open(one.key)) for one in get_store().list_objects(f"{caisse.id}/")
    }


def _left():
    with platform_transaction():
        return set(Caisse.objects.values_list("slug", flat=True)) - {"ak26", "ak99"}


def test_copy_is_equal_in_every_table_document_and_setting(filled):
    caisse, anne = filled.caisse, filled.actor("anne")
    with tenant_transaction(caisse):
        salary = mailbox.draft(anne, mailbox.SALARY)
        rows.add_rows(message=salary, many=[WAGE])
    before, objects = _rows(caisse), _objects(caisse)
    assert sum(count for _sum, count in before.values()) > 50
    assert len(objects) == 2
    sealed = export(caisse)
    made = bring(sealed, hosts=(("copy.example.ch", ""),))
    after = _rows(made.caisse)
    own = {"core_audit_entry"}  # one more: that it came
    assert {name: one for name, one in after.items() if name not in own} == {
        name: one for name, one in before.items() if name not in own
    }
    assert after["core_audit_entry"][1] == before["core_audit_entry"][1] + 1
    assert _objects(made.caisse) == objects
    assert operations.dump("copy") == operations.dump(caisse.slug)
    assert made.caisse.id != caisse.id
    with platform_transaction():
        row = Caisse.objects.get(slug="copy")
        assert (row.state, row.name) == ("active", "Ausgleichskasse «Probe»")
        assert list(row.hosts.values_list("host", flat=True)) == ["copy.example.ch"]
    with tenant_transaction(made.caisse):
        receipt = Receipt.objects.get()
        seals.verify_receipt(receipts.to_sealed(receipt), trust.get_keyring())
        mailbox.draft(anne)  # numbers go on after the rows
    # The scan of the new file is started anew, since what was under way stayed behind.
    drain(caisse=made.caisse)
    with tenant_transaction(made.caisse):
        assert not Document.objects.filter(state="quarantined").exists(), "the scan was started anew"


def test_people_sign_in_at_the_copy(filled, hear):
    made = bring(export(filled.caisse))
    hear()
    browser = Browser(HTTP_HOST="copy.localhost")
    give_password(browser)
    done = browser.post("/sign-in/code/", {"code": read_code(made.caisse)})
    assert done.status_code == 302
    assert browser.get(done["Location"], follow=True).status_code == 200


def test_caisse_opens_its_export_with_programs_of_the_system(filled, tmp_path):
    parts = open_export(export(filled.caisse))
    for name, content in parts.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    checked = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=tmp_path, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
    assert 'name = "Ausgleichskasse «Probe»"' in parts["caisse.toml"].decode()
    listed = json.loads(parts["trust-list.json"])[0]
    assert listed["keys"][0]["id"]


def test_what_stays_behind_is_in_no_part(filled, database):
    code = "nobody-finds-this"
    with database.worker.connect() as admin:
        admin.execute(f'UPDATE {filled.caisse.schema}.core_outbox_entry SET payload = \'{{"x": "{code}"}}\'')
    filled.browser("anne").get("/")
    whole = b"".join(open_export(export(filled.caisse)).values())
    assert code.encode() not in whole
    made = bring(export(filled.caisse))
    with tenant_transaction(made.caisse), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_accounts_session")
        assert cursor.fetchone() == (0,)


def test_secrets_are_absent_and_named(filled, monkeypatch):
    from core.transfer import snapshot

    # No section of the product holds a secret yet: one text stands in for it.
    monkeypatch.setattr(snapshot, "secret_fields", lambda: [("branding", "name")])
    rows = open_export(export(filled.caisse))["tables/core_configuration_sectionversion/000001.copy"].decode()
    assert "Probe" not in rows
    assert "essai" not in rows
    bring(export(filled.caisse))


def test_export_that_brings_a_secret_is_refused(filled, monkeypatch):
    from core.transfer import snapshot

    sealed = export(filled.caisse)
    monkeypatch.setattr(snapshot, "secret_fields", lambda: [("branding", "name")])
    with pytest.raises(ExportDamaged):
        bring(sealed)
    assert not _left()


def test_export_shows_one_moment_whatever_is_written_meanwhile(filled, monkeypatch):
    caisse, sealed = filled.caisse, []
    before = _rows(caisse)
    running = Export(caisse=caisse, actor=OPERATOR, public_key=PUBLIC)
    withdrawn = _store(caisse, b"%PDF-1.7\ngone", "gone.pdf")
    original = Export._documents

    def later(self, *args):
        with tenant_transaction(caisse):
            documents.discard_document(actor=OPERATOR, document_id=withdrawn.id)
        drain(caisse=caisse)
        yield from ()
        return (yield from original(self, *args))

    monkeypatch.setattr(Export, "_documents", later)
    sealed = b"".join(running.pieces())
    assert running.closing.withdrawn == 1
    made = bring(sealed)
    assert _rows(made.caisse)["core_documents_document"] == before["core_documents_document"]


def test_document_that_the_store_lost_stops_the_export(filled):
    caisse = filled.caisse
    document = _store(caisse, b"%PDF-1.7\nlost", "lost.pdf")
    get_store().delete(f"{caisse.id}/{document.id}")
    with pytest.raises(DocumentLost, match=str(document.id)):
        export(caisse)


def _other_manifest(sealed, **changes):
    parts = open_export(sealed)
    parts["manifest.json"] = json.dumps({**json.loads(parts["manifest.json"]), **changes}).encode()
    return close_export(parts)


def test_damaged_foreign_and_wrong_files_are_refused_in_words(filled):
    sealed = export(filled.caisse)
    parts = open_export(sealed)
    manifest = json.loads(parts["manifest.json"])
    stranger = new_key()
    piece = next(name for name in parts if name.startswith("tables/core_accounts_user/"))
    fewer = [one for one in manifest["tables"] if one["name"] != "core_accounts_user"]
    cases = [
        (NoExport, b""),
        (NoExport, b"PK\x03\x04 a workbook"),
        (NoExport, seal(b"no archive of ours")),
        (NoExport, seal(b"")),
        (NoExport, seal(_tar("../../etc/passwd"))),
        (NoExport, _other_manifest(sealed, format="relais-export-9")),
        (ExportDamaged, sealed[: len(sealed) // 2]),
        (ExportDamaged, sealed[:-1]),
        (ExportDamaged, sealed[:9000] + bytes([sealed[9000] ^ 1]) + sealed[9001:]),
        (
            ExportDamaged,
            close_export({**parts, piece: parts[piece].replace(b"Anne", b"Anna")}, sums=digest(parts["SHA256SUMS"])),
        ),
        (ExportDamaged, close_export({name: one for name, one in parts.items() if name != piece})),
        (ExportDamaged, close_export({**parts, piece: b"x\ty\n"})),
        (ExportDamaged, close_export({**parts, "documents/00000000-0000-4000-8000-000000000000": b"x"})),
        (ExportNewer, _other_manifest(sealed, migrations=[*manifest["migrations"], "core_accounts.0999_later"])),
        (ExportOfOtherTables, _other_manifest(sealed, migrations=[*manifest["migrations"], "theme_pets.0001_initial"])),
        (ExportOfOtherTables, _other_manifest(sealed, tables=fewer)),
        (ExportUntrusted, close_export({**parts, "trust-list.json": _trust(stranger)}, key=stranger)),
    ]
    for error, file in cases:
        with pytest.raises(error):
            bring(file)
        assert not _left()
    with pytest.raises(WrongKey):
        bring(sealed, key=sealing.new_private_key()[0])
    for slug, error in (("ak99", SlugTaken), ("Not Good", SlugMalformed)):
        with pytest.raises(error):
            bring(sealed, slug)
    bring(sealed, "first", hosts=(("one.example.ch", ""),))
    with pytest.raises(HostTaken):
        bring(sealed, "second", hosts=(("one.example.ch", ""),))
    assert _left() == {"first"}


def _tar(name):
    from core.transfer.archive import Writer

    with Writer() as writer:
        return b"".join(writer.part(name, b"x"))


def _trust(key):
    return json.dumps([Keyring((key,)).trust_list("elsewhere.example")]).encode()


def test_export_of_another_platform_needs_its_key_named_and_its_receipts_stay_authentic(filled, database, hear):
    caisse, stranger = filled.caisse, new_key()
    with tenant_transaction(caisse):
        receipt = Receipt.objects.get()
        signature = stranger.sign(bytes(receipt.sealed))
    with database.worker.connect() as admin:
        change = f"UPDATE {caisse.schema}.core_messaging_receipt SET signature = %s, key_id = %s"
        admin.execute(change, [signature, stranger.id])
    parts = open_export(export(caisse))
    sealed = close_export({**parts, "trust-list.json": _trust(stranger)}, key=stranger)
    made = bring(sealed, trusted_key=stranger.id)
    hear()
    page = Browser(HTTP_HOST="copy.localhost")
    assert page.get(f"/check/{receipt.short_code}/").status_code == 200
    assert stranger.id in page.get("/check/trust-list.json").content.decode()
    assert Browser(HTTP_HOST="ak26.localhost").get(f"/check/{receipt.short_code}/").status_code == 404
    bring(export(made.caisse), "onward")
    hear()
    assert Browser(HTTP_HOST="onward.localhost").get(f"/check/{receipt.short_code}/").status_code == 200


def test_export_of_an_earlier_version_is_brought_up_to_this_one(filled):
    parts = open_export(export(filled.caisse))
    manifest, closing = json.loads(parts["manifest.json"]), json.loads(parts["closing.json"])
    gone = "core_documents_trustedkey"
    manifest["migrations"] = [one for one in manifest["migrations"] if not one.endswith("_trusted_keys")]
    manifest["tables"] = [one for one in manifest["tables"] if one["name"] != gone]
    manifest["fingerprint"] = "of an earlier version"
    del closing["rows"][gone]
    sealed = close_export(
        {**parts, "manifest.json": json.dumps(manifest).encode(), "closing.json": json.dumps(closing).encode()}
    )
    made = bring(sealed)
    before, after = _rows(filled.caisse), _rows(made.caisse)
    assert {n: o for n, o in after.items() if n != "core_audit_entry"} == {
        n: o for n, o in before.items() if n != "core_audit_entry"
    }
    assert all(one["ok"] for one in operations.examine("copy") if one["check"] in {"migrations", "rights", "isolation"})


STEPS = ["make_tables", "_load_rows", "complete_tables", "_store_documents", "_settle", "activate"]


def test_import_killed_at_any_step_is_made_anew(filled, monkeypatch):
    sealed = export(filled.caisse)
    for step in STEPS:
        _kill_at(monkeypatch, step, sealed)
        assert Browser(HTTP_HOST="copy.localhost").get("/").status_code == 404
        with pytest.raises(ImportUnfinished):
            create_caisse(Request("copy", options={"preset": "avs"}))
    made = bring(sealed)
    assert _objects(made.caisse) == _objects(filled.caisse)
    assert {one.key.split("/")[0] for one in get_store().list_objects("")} == {filled.caisse.id, made.caisse.id}


def _kill_at(monkeypatch, step, sealed):
    place = next(one for one in (importing, importing.loading, importing.provisioning) if hasattr(one, step))
    original = getattr(place, step)

    def killed(*args):
        if step != "activate":
            original(*args)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(place, step, killed)
        with pytest.raises(Killed):
            bring(sealed)


def test_a_failing_import_leaves_nothing(filled, monkeypatch, database):
    sealed = export(filled.caisse)

    def broken(*_):
        raise OSError

    monkeypatch.setattr(importing, "_settle", broken)
    with pytest.raises(OSError):
        bring(sealed)
    assert not _left()
    with database.worker.connect() as admin:
        schemas = admin.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'c\\_%'").fetchone()
        roles = admin.execute("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'relais\\_c\\_%'").fetchone()
    assert schemas == (2,)
    assert {one.key.split("/")[0] for one in get_store().list_objects("")} == {filled.caisse.id}
    del roles


def test_memory_stays_flat_with_large_documents(caisse, tmp_path):
    for number in range(6):
        _store(caisse, bytes([number]) * 12 * 2**20, f"{number}.pdf")
    file = tmp_path / "large"
    with _below(24 * 2**20), file.open("wb") as target:
        for piece in Export(caisse=caisse, actor=OPERATOR, public_key=PUBLIC).pieces():
            target.write(piece)
    assert file.stat().st_size > 72 * 2**20
    with _below(24 * 2**20):
        made = importing.import_caisse(importing.Import(lambda: _pieces_of(file), PRIVATE, "copy", OPERATOR))
    assert made.documents == 6


@contextmanager
def _below(most):
    tracemalloc.start()
    yield
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < most


def test_every_table_is_decided(database):
    known = {model._meta.db_table for model in tables.list_models()}
    of_themes = {model._meta.db_table for model in tables.list_models() if tables.is_of_theme(model)}
    decided = tables.TRAVEL | set(tables.STAY) | of_themes
    assert not known - decided, "say in core/transfer/tables.py whether these travel, and why not"
    assert (tables.TRAVEL | set(tables.STAY)) - known == {"django_migrations"}, "others are gone"
    assert not tables.TRAVEL & set(tables.STAY)
    assert all(len(reason) > 20 for reason in tables.STAY.values())


def test_import_is_in_the_audit_trail(filled):
    made = bring(export(filled.caisse))
    with tenant_transaction(made.caisse):
        entry = Entry.objects.get(action="caisse_imported")
    assert entry.data["from_caisse"] == filled.caisse.id
