"""A section on its way through a page: whole, signed, and with no secret to be read."""

from __future__ import annotations

import pytest
from django.core import signing

from core.configuration.carrying import CarriedValueStale, carry_section, receive_section
from core.configuration.registry import Section
from core.configuration.secret import Secret
from core.configuration.sections import ContactSection


class Gateway(Section):
    """A section with a secret."""

    key = "test_carried"
    title = "Gateway"
    user: str = ""
    password: Secret = Secret()


def test_newly_entered_secret_arrives_and_is_nowhere_readable():
    entered = Gateway.model_validate({"user": "relais", "password": "oui oui"})
    carried = carry_section(entered)
    readable = signing.loads(carried, salt=f"relais.section.{Gateway.key}")
    assert readable["user"] == "relais"
    # With its blank it cannot stand in an encrypted text by chance.
    assert "oui oui" not in str(readable)
    received = receive_section(Gateway, carried)
    assert (received.user, received.password.reveal()) == ("relais", "oui oui")


@pytest.mark.parametrize("spoil", [lambda text: text[:-1], lambda text: "x" + text, lambda _text: '{"user": "mine"}'])
def test_what_we_did_not_write_is_refused(spoil):
    with pytest.raises(CarriedValueStale):
        receive_section(Gateway, spoil(carry_section(Gateway(user="relais"))))


def test_value_of_one_section_is_none_of_another():
    with pytest.raises(CarriedValueStale):
        receive_section(ContactSection, carry_section(Gateway(user="relais")))
