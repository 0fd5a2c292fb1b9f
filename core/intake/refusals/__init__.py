"""Why a file cannot be read at all; each says what is wrong and how to mend it."""

from __future__ import annotations

from core.intake.refusals.archives import (
    ArchiveBomb,
    ArchiveBroken,
    ArchiveEmpty,
    ArchiveLocked,
    ArchiveTooMany,
)
from core.intake.refusals.files import (
    ArchiveFile,
    EmptyFile,
    FileRefused,
    FileTooLarge,
    FileWithoutRows,
    OtherOfficeFile,
    PdfFile,
    PictureFile,
    ReadingBroke,
    ReadingTooHeavy,
    ReadingTooLong,
    TooManyColumns,
    TooManyRows,
    UnknownFileKind,
    WebPageFile,
)
from core.intake.refusals.texts import (
    BrokenQuotes,
    InvalidXml,
    InvalidXmlSomewhere,
    MalformedXml,
    TextWithoutTable,
    TruncatedXml,
    UnknownXml,
    UnreadableText,
    XmlEncoding,
    XmlTooDeep,
    XmlWithDoctype,
)
from core.intake.refusals.workbooks import (
    BinaryWorkbook,
    CorruptWorkbook,
    EncryptedWorkbook,
    OldWorkbook,
    OpenDocumentWorkbook,
    WorkbookBomb,
    WorkbookWithMacros,
    WorkbookWithoutTable,
    XmlSpreadsheet,
)
from core.kernel.errors import find_error

__all__ = [
    "ArchiveBomb",
    "ArchiveBroken",
    "ArchiveEmpty",
    "ArchiveFile",
    "ArchiveLocked",
    "ArchiveTooMany",
    "BinaryWorkbook",
    "BrokenQuotes",
    "CorruptWorkbook",
    "EmptyFile",
    "EncryptedWorkbook",
    "FileRefused",
    "FileTooLarge",
    "FileWithoutRows",
    "InvalidXml",
    "InvalidXmlSomewhere",
    "MalformedXml",
    "OldWorkbook",
    "OpenDocumentWorkbook",
    "OtherOfficeFile",
    "PdfFile",
    "PictureFile",
    "ReadingBroke",
    "ReadingTooHeavy",
    "ReadingTooLong",
    "TextWithoutTable",
    "TooManyColumns",
    "TooManyRows",
    "TruncatedXml",
    "UnknownFileKind",
    "UnknownXml",
    "UnreadableText",
    "WebPageFile",
    "WorkbookBomb",
    "WorkbookWithMacros",
    "WorkbookWithoutTable",
    "XmlEncoding",
    "XmlSpreadsheet",
    "XmlTooDeep",
    "XmlWithDoctype",
    "refusal_for",
]


# All are imported here, so that each is found by its code in whatever process asks.
def refusal_for(code: str) -> type[FileRefused]:
    """Return the class of a refusal code, also one that a theme has declared."""
    found = find_error(code)
    return found if found is not None and issubclass(found, FileRefused) else FileRefused
