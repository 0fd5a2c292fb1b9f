"""The caisse in the platform's directory: what its configuration says, brought there after each change.

The directory is a table of ``platform``, which a caisse's transaction cannot write; so the change is
an effect of the outbox, due when the configuration takes effect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from core.configuration import configuration
from core.configuration.sections import BrandingSection, ContactSection, LocaleSection
from core.outbox import handlers
from core.outbox.services import enqueue
from tenants import services
from tenants.registration import Listing
from tenants.scope import current_caisse, platform_transaction, tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from core.configuration.registry import Section
    from tenants.reference import CaisseRef

TOPIC = "configuration.directory"
SOURCES = frozenset({BrandingSection.key, ContactSection.key, LocaleSection.key})


def register() -> None:
    """Bind the topic."""
    handlers.register(TOPIC, _bring)


def describe(sections: Mapping[str, Section]) -> Listing:
    """Return how the caisse stands in the directory; the name is empty where no section gives one."""
    branding, contact, locale = (sections.get(kind.key) for kind in (BrandingSection, ContactSection, LocaleSection))
    place = cast("ContactSection", contact or ContactSection())
    return Listing(
        name=cast("BrandingSection", branding).name if branding else "",
        number=cast("LocaleSection", locale or LocaleSection()).institution_number,
        postcode=place.postcode,
        town=place.town,
    )


def bring_later(*, changed: Iterable[str], at: datetime) -> None:
    """Have the directory follow when the changed sections take effect; within the caisse's scope.

    A caisse in the making is listed by its making.
    """
    if SOURCES & set(changed) and current_caisse().state != "provisioning":
        enqueue(topic=TOPIC, payload={}, not_before=at)


def bring(caisse: CaisseRef) -> None:
    """Write what is in force now into the directory; repeatable, and right after any number of changes."""
    with tenant_transaction(caisse):
        listing = describe(configuration.read().sections)
    with platform_transaction():
        services.list_caisse_in_directory(caisse=caisse, listing=listing)


def _bring(job: handlers.Job) -> None:
    bring(job.caisse)
