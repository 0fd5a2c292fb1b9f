"""What is wrong with a workbook."""

from __future__ import annotations

from core.intake.refusals.files import FileRefused


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
