"""What cannot be written or pasted, and what to do about it."""

from __future__ import annotations

from core.kernel.errors import InvalidInput


class ListTooLong(InvalidInput):
    """This list has more than %(limit)s rows, more than a workbook can hold. Narrow it down, or export it as CSV."""

    code = "list_too_long"


class PasteTooLarge(InvalidInput):
    """At most %(limit)s rows can be pasted at once. Paste the table in parts, or upload it as a file."""

    code = "paste_too_large"
