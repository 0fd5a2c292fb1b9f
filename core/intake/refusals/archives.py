"""What is wrong with an archive of several files."""

from __future__ import annotations

from core.intake.refusals.files import FileRefused


class ArchiveBroken(FileRefused):
    """This archive is damaged and cannot be unpacked. Pack the files again as ZIP and send it once more."""

    code = "archive_broken"


class ArchiveLocked(FileRefused):
    """This archive is protected by a password. Pack the files again without one; the way to us is encrypted."""

    code = "archive_locked"


class ArchiveEmpty(FileRefused):
    """This archive contains no file. Pack the declarations of your clients into it, one file for each."""

    code = "archive_empty"


class ArchiveTooMany(FileRefused):
    """This archive contains more than %(limit)s files. Send it in parts."""

    code = "archive_too_many_files"


class ArchiveBomb(FileRefused):
    """This archive unpacks to far more than it should. Send it in parts, or the files without an archive."""

    code = "archive_too_large_inside"
