"""Codes to users of a party and to insured persons: sent, replaced, never to who has an access."""

from __future__ import annotations

from itertools import pairwise

import pytest

from core.accounts.invitations import send_activation
from core.accounts.invitations.codes import LENGTH, make_code
from core.accounts.invitations.errors import AddressIncomplete, EmailMissing, NothingToReissue
from core.accounts.models import Activation, User
from core.audit.models import Entry
from core.kernel import clock
from core.kernel.identifiers import READABLE_ALPHABET
from tenants.scope import tenant_transaction
from tests.support.invitations import read_code, read_newest
from tests.support.racing import race

STREET = ("Rue du Lac 3", "1700 Fribourg")


@pytest.fixture
def chief(office):
    return office.clerk("gilles")


@pytest.fixture
def waiting(office):
    """Somebody who waits for her access, and whose e-mail nobody knows."""
    with tenant_transaction(office.caisse):
        user = User(
            sign_in_name="p-1", given_name="Paula", family_name="Rente", state="invited", created_at=clock.now()
        )
        user.set_unusable_password()
        user.save()
    return user


def send(office, chief, user, **values):
    with tenant_transaction(office.caisse):
        return send_activation(actor=chief, user=user, **{"kind": "person", "by": "letter", **values})


def test_code_has_sixty_bits_from_an_alphabet_without_lookalikes():
    assert len(READABLE_ALPHABET) ** LENGTH >= 2**60
    assert not set("ILOU") & set(READABLE_ALPHABET)
    codes = sorted(make_code() for _ in range(1000))
    assert all(one != other for one, other in pairwise(codes))
    assert [len(part) for part in codes[0].split(" ")] == [4, 4, 4]


@pytest.mark.parametrize("kind", ["member", "person"])
def test_letter_goes_to_who_waits(office, chief, waiting, kind):
    sent = send(office, chief, waiting, kind=kind, address=STREET)
    letter = read_newest(office.caisse, "letter")
    assert letter["to"].splitlines() == ["Paula Rente", *STREET]
    assert "ak26.localhost" in letter["text"]
    assert read_code(office.caisse, "letter")
    with tenant_transaction(office.caisse):
        assert Activation.objects.get(id=sent.activation_id).kind == kind
        assert Entry.objects.filter(object_type="user", object_id=str(waiting.id), action="invitation_sent").exists()


def test_who_has_no_mail_address_gets_no_mail(office, chief, waiting):
    with pytest.raises(EmailMissing):
        send(office, chief, waiting, by="mail")
    with pytest.raises(AddressIncomplete):
        send(office, chief, waiting)


def test_newer_letter_goes_where_the_last_went_and_replaces_it(office, chief, waiting):
    send(office, chief, waiting, address=STREET)
    first = read_code(office.caisse, "letter")
    send(office, chief, waiting)
    assert read_newest(office.caisse, "letter")["to"].splitlines()[1:] == list(STREET)
    assert office.browser().post("/activate/", {"code": first}).status_code == 422


def test_who_has_an_access_gets_no_code(office, chief):
    with pytest.raises(NothingToReissue):
        send(office, chief, office.users["anne"], by="mail")


def test_of_two_sent_at_once_one_code_stays(office, chief, waiting):
    def again():
        return send_activation(actor=chief, user=waiting, kind="person", by="letter", address=STREET)

    race(office.caisse, again, again)
    with tenant_transaction(office.caisse):
        assert Activation.objects.filter(used_at=None, revoked_at=None).count() == 1
