"""A caisse's addresses, changed while it is open: taken, shared, primary, removed, two at once."""

from __future__ import annotations

import threading
from uuid import uuid4

import pytest
from django.db import connections

from tenants import addresses, hosts
from tenants.errors import AddressExists, AddressUnknown, HostTaken, SlugTaken, SlugUnfinished
from tenants.models import Caisse, Host
from tenants.portal import portal_url
from tenants.provisioning import create_caisse
from tenants.registration import Request
from tenants.scope import platform_transaction
from tenants.slugs import check_slug_is_free
from tests.integration.tenants.support import wait_until


def _add(caisse, text):
    with platform_transaction():
        return addresses.add_address(caisse=caisse, text=text)


def test_added_address_leads_to_the_caisse_and_removed_no_more(caisse):
    row = _add(caisse, "portal.ak26.ch")
    wait_until(lambda: hosts.resolve("portal.ak26.ch", "/").caisse == caisse)
    with platform_transaction():
        assert addresses.remove_address(caisse=caisse, address_id=row.id) == "portal.ak26.ch"
    wait_until(lambda: hosts.resolve("portal.ak26.ch", "/").kind == "unknown")
    with platform_transaction(), pytest.raises(AddressUnknown):
        addresses.remove_address(caisse=caisse, address_id=row.id)


def test_primary_address_stands_in_links_until_it_is_removed(caisse):
    first, second = _add(caisse, "one.ak26.ch"), _add(caisse, "shared.ch/ak26")
    for row, expected in ((first, "http://one.ak26.ch"), (second, "http://shared.ch"), (None, "http://ak26.localhost")):
        with platform_transaction():
            addresses.choose_primary(caisse=caisse, address_id=row and row.id)
        wait_until(lambda expected=expected: portal_url(caisse).startswith(expected))
    with platform_transaction():
        addresses.choose_primary(caisse=caisse, address_id=first.id)
        addresses.remove_address(caisse=caisse, address_id=first.id)
    wait_until(lambda: portal_url(caisse).startswith("http://ak26.localhost"))


def test_foreign_address_cannot_be_chosen_or_removed(caisse, other_caisse):
    row = _add(other_caisse, "portal.ak99.ch")
    for act in (addresses.choose_primary, addresses.remove_address):
        for address_id in (row.id, uuid4()):
            with platform_transaction(), pytest.raises(AddressUnknown):
                act(caisse=caisse, address_id=address_id)
    with platform_transaction():
        assert Host.objects.filter(pk=row.id).exists()


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("a.ch", "a.ch"), ("a.ch/one", "a.ch/one"), ("a.ch", "a.ch/one"), ("a.ch/one", "a.ch"), ("localhost/one", "localhost/one"),
    ],
)  # fmt: skip
def test_taken_host_is_refused(caisse, other_caisse, theirs, ours):
    _add(other_caisse, theirs)
    with pytest.raises(HostTaken):
        _add(caisse, ours)


def test_host_below_anothers_short_name_is_refused(caisse):
    with pytest.raises(HostTaken):
        _add(caisse, "ak99.localhost/ak26")


def test_shared_host_carries_several_and_the_same_twice_is_said(caisse, other_caisse):
    _add(caisse, "shared.ch/ak26")
    _add(other_caisse, "shared.ch/ak99")
    with pytest.raises(AddressExists):
        _add(caisse, "SHARED.ch/ak26/")


def test_two_caisses_asking_for_a_host_at_once(caisse, other_caisse):
    barrier, results = threading.Barrier(2), []

    def work(mine, text):
        barrier.wait()
        try:
            _add(mine, text)
            results.append("added")
        except HostTaken:
            results.append("taken")
        finally:
            connections.close_all()

    asked = ((caisse, "race.ch"), (other_caisse, "race.ch/ak99"))
    threads = [threading.Thread(target=work, args=one) for one in asked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["added", "taken"]


def test_slug_is_free_taken_or_unfinished(caisse):
    _add(caisse, "shared.localhost/ak26")
    with platform_transaction():
        check_slug_is_free("newone")
        with pytest.raises(SlugTaken):
            check_slug_is_free("ak26")
        with pytest.raises(SlugTaken):
            check_slug_is_free("shared")
        Caisse.objects.filter(slug="ak99").update(state="provisioning")
        with pytest.raises(SlugUnfinished):
            check_slug_is_free("ak99")
    with pytest.raises(SlugTaken):
        create_caisse(Request("shared"))
