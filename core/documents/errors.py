"""What can be wrong with a document, in words for the person who brought it or asked for it."""

from __future__ import annotations

from core.kernel.errors import Conflict, InvalidInput, Unavailable


class FileTooLarge(InvalidInput):
    """The file is larger than %(limit)s MB. Divide it or save it at a lower resolution."""

    code = "file_too_large"


class StorageFull(InvalidInput):
    """The storage of this caisse is full, so the file was not taken. All else is kept. Its administrator can help."""

    code = "storage_full"


class FileEmpty(InvalidInput):
    """The file is empty. Check that it was saved, and choose it again."""

    code = "file_empty"


class FilenameUnusable(InvalidInput):
    """The file's name contains hidden characters that change how it is read. Rename the file."""

    code = "filename_unusable"


class DocumentNotClean(Conflict):
    """This file has not passed the check yet, or was refused by it, and cannot be opened."""

    code = "document_not_clean"


class DocumentDamaged(Unavailable):
    """This file is not what was stored. It is kept back; please tell your fund."""

    code = "document_damaged"


class StoreUnavailable(Unavailable):
    """Files cannot be stored or read just now. Nothing you entered is lost; try again in a minute."""

    code = "store_unavailable"


class ScannerUnavailable(Unavailable):
    """Files cannot be checked just now. Yours is kept and will be checked as soon as possible."""

    code = "scanner_unavailable"
