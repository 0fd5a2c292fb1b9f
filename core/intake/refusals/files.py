"""What is wrong with a file whatever its kind, or with its kind."""

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


class FileWithoutRows(FileRefused):
    """This file holds headings but no person, so your list was left as it is.

    Choose the file with the filled-in rows; to begin anew, remove the rows below.
    """

    code = "file_without_rows"
