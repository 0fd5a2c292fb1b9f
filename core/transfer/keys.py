"""Which public key an export is encrypted to: the caisse's own, else the one that an operator names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.configuration import configuration
from core.configuration.sections import ExportSection
from core.transfer.errors import PublicKeyMissing, PublicKeyOther
from core.transfer.sealing import check_public_key

if TYPE_CHECKING:
    from tenants.scope import CaisseRef


def get_public_key(caisse: CaisseRef) -> str:
    """Return the key that the caisse has given in its console, or an empty text. Outside any scope."""
    section = configuration.load(caisse).sections[ExportSection.key]
    return section.public_key if isinstance(section, ExportSection) else ""


def choose_public_key(caisse: CaisseRef, named: str) -> str:
    """Return the key for an export; an operator cannot put hers in the place of the caisse's.

    Raises ``PublicKeyMissing``, ``PublicKeyInvalid`` or ``PublicKeyOther``.
    """
    own = get_public_key(caisse)
    if not named.strip() and not own:
        raise PublicKeyMissing
    key = check_public_key(named) if named.strip() else own
    if own and key != own:
        raise PublicKeyOther
    return key
