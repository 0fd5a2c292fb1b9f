"""What is wrong with a CSV or an XML file."""

from __future__ import annotations

from core.intake.refusals.files import FileRefused


class TextWithoutTable(FileRefused):
    """No table was found, because no line of this file names the columns needed.

    Use the template, or name the columns as it does.
    """

    code = "text_without_table"


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
