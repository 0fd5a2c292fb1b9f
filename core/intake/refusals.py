"""Why a file cannot be read at all; each says what is wrong and how to mend it."""

from __future__ import annotations

from core.kernel.errors import InvalidInput


class FileRefused(InvalidInput):
    """This file cannot be read. Save it again from the program that made it, or send another file."""

    code = "file_refused"


class EmptyFile(FileRefused):
    """This file is empty. Choose the file that holds your data and upload it again."""

    code = "file_empty"


class FileTooLarge(FileRefused):
    """This file has %(size_mb)s MB, and at most %(limit_mb)s MB can be read.

    Split it, or remove pictures and unused sheets.
    """

    code = "file_too_large"


class TooManyRows(FileRefused):
    """This file has more than %(limit)s rows. Split it into several declarations or ask us for another way."""

    code = "file_too_many_rows"


class TooManyColumns(FileRefused):
    """This table has %(columns)s columns; at most %(limit)s can be read. Delete the columns that are not needed."""

    code = "file_too_many_columns"


class ReadingTooLong(FileRefused):
    """Reading this file took too long and was stopped. Nothing was changed. Split the file, or try again later."""

    code = "reading_too_long"


class ReadingTooHeavy(FileRefused):
    """Reading this file needs more memory than is allowed.

    Copy only the table into a new workbook and upload that one.
    """

    code = "reading_too_heavy"


class ReadingBroke(FileRefused):
    """Reading this file broke off.

    Nothing was changed. Save the file again from your program and upload it once more.
    """

    code = "reading_broke"


class UnknownFileKind(FileRefused):
    """This is not a file that can be read here. Send an Excel workbook (.xlsx), a CSV file or an ELM file (.xml)."""

    code = "file_kind_unknown"


class ArchiveFile(FileRefused):
    """This is an archive. Unpack it and upload the workbook or the XML file that it contains."""

    code = "file_is_archive"


class PdfFile(FileRefused):
    """This is a PDF, from which figures cannot be read reliably.

    Upload the workbook or the XML file it was made from.
    """

    code = "file_is_pdf"


class PictureFile(FileRefused):
    """This is a picture; figures cannot be read from it. Upload the workbook or the XML file, or type the rows in."""

    code = "file_is_picture"


class OtherOfficeFile(FileRefused):
    """This is a text document or a presentation. Put the table into an Excel workbook (.xlsx) and upload that one."""

    code = "file_is_other_office"


class WebPageFile(FileRefused):
    """This is a web page under the name of a workbook. Open it in Excel and save it as Excel workbook (.xlsx)."""

    code = "file_is_web_page"


class WorkbookWithMacros(FileRefused):
    """This workbook contains macros, which are not accepted.

    Save it as Excel workbook without macros (.xlsx) and upload it again.
    """

    code = "workbook_with_macros"


class OldWorkbook(FileRefused):
    """This workbook has the old format of Excel 97-2003 (.xls). Open it and save it as Excel workbook (.xlsx)."""

    code = "workbook_old_format"


class BinaryWorkbook(FileRefused):
    """This workbook has the binary format (.xlsb). Open it and save it as Excel workbook (.xlsx)."""

    code = "workbook_binary_format"


class OpenDocumentWorkbook(FileRefused):
    """This is an OpenDocument spreadsheet (.ods). Open it and save it as Excel workbook (.xlsx) or as CSV."""

    code = "workbook_open_document"


class XmlSpreadsheet(FileRefused):
    """This workbook has the old XML format of Excel 2003. Open it and save it as Excel workbook (.xlsx)."""

    code = "workbook_xml_2003"


class EncryptedWorkbook(FileRefused):
    """This workbook is protected by a password.

    Remove the password (File, Info, Protect workbook) and upload it again.
    """

    code = "workbook_encrypted"


class CorruptWorkbook(FileRefused):
    """This workbook is damaged or incomplete. Open it in Excel, let it be repaired, save it and upload it again."""

    code = "workbook_corrupt"


class WorkbookBomb(FileRefused):
    """This workbook unpacks to far more than a salary list can need.

    Copy only the table into a new workbook and upload that one.
    """

    code = "workbook_unpacks_too_large"


class WorkbookWithoutTable(FileRefused):
    """No table was found, because no row of this workbook names the columns needed.

    Use the template, or name the columns as it does.
    """

    code = "workbook_without_table"


class TextWithoutTable(FileRefused):
    """No table was found, because no line of this file names the columns needed.

    Use the template, or name the columns as it does.
    """

    code = "text_without_table"


class FileWithoutRows(FileRefused):
    """This file holds headings but no person, so your list was left as it is.

    Choose the file with the filled-in rows; to begin anew, remove the rows below.
    """

    code = "file_without_rows"


class UnreadableText(FileRefused):
    """The characters of this file cannot be read near line %(line)s. Save it as CSV in UTF-8 and upload it again."""

    code = "text_unreadable"


class BrokenQuotes(FileRefused):
    """A quotation mark near line %(line)s of this file is not closed or not doubled.

    Correct the line and upload the file again.
    """

    code = "text_broken_quotes"


class MalformedXml(FileRefused):
    """This XML file is not well formed at line %(line)s, column %(column)s.

    Export it again from your payroll program.
    """

    code = "xml_malformed"


class TruncatedXml(FileRefused):
    """This XML file ends too early, at line %(line)s.

    The export or the transfer broke off; export it again and upload the whole file.
    """

    code = "xml_truncated"


class XmlEncoding(FileRefused):
    """The characters of this XML file do not match its declared encoding, at line %(line)s.

    Export it again in UTF-8.
    """

    code = "xml_wrong_encoding"


class XmlWithDoctype(FileRefused):
    """This XML file contains a document type definition (DOCTYPE), which is not accepted.

    Export it again without it.
    """

    code = "xml_with_doctype"


class XmlTooDeep(FileRefused):
    """This XML file is nested or sized beyond what such a file can need.

    Export it again from your payroll program.
    """

    code = "xml_beyond_limits"


class UnknownXml(FileRefused):
    """This XML file begins with %(root)s, which is not a message that can be read here.

    Export the yearly declaration (ELM) instead.
    """

    code = "xml_unknown"


class InvalidXml(FileRefused):
    """This XML file does not follow its schema at line %(line)s (%(detail)s).

    Correct the data in your payroll program and export it again.
    """

    code = "xml_invalid"


class InvalidXmlSomewhere(FileRefused):
    """This XML file does not follow its schema (%(detail)s).

    Correct the data in your payroll program and export it again.
    """

    code = "xml_invalid_somewhere"


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


def refusal_for(code: str) -> type[FileRefused]:
    """Return the class of a refusal code, also one that a theme has declared."""
    waiting: list[type[FileRefused]] = [FileRefused]
    while waiting:
        kind = waiting.pop()
        if kind.code == code:
            return kind
        waiting.extend(kind.__subclasses__())
    return FileRefused
