"""What can go wrong with an export, an import or a deletion, in words for operators."""

from __future__ import annotations

from core.kernel.errors import Conflict, InvalidInput, NotFound, Unavailable


class PublicKeyInvalid(InvalidInput):
    """This is no public key. It begins with "age1" and is the second thing that age-keygen prints."""

    code = "public_key_invalid"


class PrivateKeyInvalid(InvalidInput):
    """This is no private key. It is the line that begins with "AGE-SECRET-KEY-1"."""

    code = "private_key_invalid"


class PublicKeyMissing(InvalidInput):
    """An export is encrypted to a key of the caisse. The caisse has given none yet, so name one."""

    code = "public_key_missing"


class PublicKeyOther(Conflict):
    """The caisse has given a key of its own; its exports are encrypted to that one and no other."""

    code = "public_key_other"


class WrongKey(InvalidInput):
    """This private key does not open the file. It was encrypted to another one."""

    code = "export_wrong_key"


class NoExport(InvalidInput):
    """This file is no export of a caisse."""

    code = "export_unknown_format"


class ExportDamaged(InvalidInput):
    """The file is damaged or not complete (%(place)s). Fetch it again where it was made; nothing was changed here."""

    code = "export_damaged"


class ExportNewer(Conflict):
    """The export was made by version %(version)s, which knows tables that this one does not.

    Bring this platform up to that version first; exports of earlier versions can always be imported.
    """

    code = "export_newer"


class ExportOfOtherTables(Conflict):
    """The export's tables are not those of this platform (%(table)s). Both need the same themes."""

    code = "export_other_tables"


class ExportUntrusted(Conflict):
    """The export was signed by the key %(key)s of %(issuer)s, which this platform does not know.

    Ask the people there for the key's number on another way; if it is this one, name it and import again.
    """

    code = "export_untrusted"


class ExportUnknown(NotFound):
    """There is no such export, or its time is over."""

    code = "export_unknown"


class DeletionUnknown(NotFound):
    """There is no such deletion."""

    code = "deletion_unknown"


class DeletionAsked(Conflict):
    """The deletion of the caisse "%(slug)s" was asked for already."""

    code = "deletion_asked"


class DeletionWaits(Conflict):
    """The caisse "%(slug)s" is to be deleted. Cancel the deletion first."""

    code = "deletion_waits"


class DeletionMoved(Conflict):
    """The deletion has moved on in the meantime. Look at its new state."""

    code = "deletion_moved"


class SecondOperatorNeeded(Conflict):
    """Another operator must confirm this deletion; nobody can confirm her own."""

    code = "second_operator_needed"


class CaisseWasOpen(Conflict):
    """The caisse "%(slug)s" was open once: it is deleted after the waiting time only."""

    code = "caisse_was_open"


class SlugKept(Conflict):
    """The address "%(slug)s" belonged to a deleted caisse and stays reserved until %(until)s."""

    code = "slug_kept"


class DocumentLost(Unavailable):
    """The document %(document)s cannot be read whole from the store. Mend the store, then export again."""

    code = "document_lost"
