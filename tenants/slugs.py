"""Whether a text can be the address of a new caisse, with the reason where it cannot."""

from __future__ import annotations

from tenants import addresses
from tenants.errors import SlugMalformed, SlugReserved, SlugTaken, SlugTooLong, SlugTooShort, SlugUnfinished
from tenants.models import Caisse
from tenants.naming import RESERVED_SLUGS, is_slug
from tenants.registration import check_slug_is_not_kept

SHORTEST, LONGEST = 2, 31


def check_slug(text: str) -> None:
    """Raise a ``SlugNotAllowed`` that says why; the text alone decides."""
    if len(text) > LONGEST:
        raise SlugTooLong(length=len(text), most=LONGEST)
    if len(text) < SHORTEST:
        raise SlugTooShort(slug=text)
    if text in RESERVED_SLUGS:
        raise SlugReserved(slug=text)
    if not is_slug(text):
        raise SlugMalformed(slug=text)


def check_slug_is_free(text: str) -> None:
    """Raise also ``SlugTaken`` where a caisse has it, or ``SlugUnfinished`` where one was begun. Platform scope."""
    check_slug(text)
    state = Caisse.objects.filter(slug=text).values_list("state", flat=True).first()
    if state == Caisse.States.PROVISIONING:
        raise SlugUnfinished(slug=text)
    if state is not None or addresses.is_slug_shared(text):
        raise SlugTaken(slug=text)
    check_slug_is_not_kept(text)
