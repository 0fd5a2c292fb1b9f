from __future__ import annotations

from infra.supervisor.paths import ROOT
from infra.supervisor.stamps import Stamp, digest


def test_stamp_is_current_only_for_the_inputs_it_was_set_with(tmp_path):
    assert not Stamp(tmp_path / "a", "one").is_current()
    Stamp(tmp_path / "a", "one").set()
    assert Stamp(tmp_path / "a", "one").is_current()
    assert not Stamp(tmp_path / "a", "two").is_current()


def test_digest_changes_with_contents_names_and_what_is_added():
    assert digest("Makefile") == digest("Makefile")
    assert digest("Makefile") != digest("uv.lock")
    assert digest("Makefile") != digest("Makefile", extra=["other cluster"])


def test_digest_of_migrations_sees_every_tree_but_nothing_installed():
    everything = digest("**/migrations/*.py")
    by_tree = digest(*(f"{tree}/**/migrations/*.py" for tree in ("core", "tenants", "themes", "integrations", "infra")))
    assert everything == by_tree
    assert (ROOT / "tenants" / "migrations").is_dir()
