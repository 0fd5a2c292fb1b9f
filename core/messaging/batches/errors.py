"""What can be wrong with files for many clients, as a whole and file by file; docstrings are read by users."""

from __future__ import annotations

from core.kernel.errors import Conflict, InvalidInput


class BatchTypeUnknown(InvalidInput):
    """Choose what the files declare."""

    code = "batch_type_unknown"


class BatchFilesMissing(InvalidInput):
    """Choose a ZIP archive or one file for each client."""

    code = "batch_files_missing"


class BatchTooManyFiles(InvalidInput):
    """These are more than %(limit)s files. Send them in parts, or pack them into one ZIP archive."""

    code = "batch_too_many_files"


class BatchBusy(Conflict):
    """These files are being worked on. Wait until that is done."""

    code = "batch_busy"


class BatchNothingReady(Conflict):
    """No file is ready for that. Correct what is unclear first."""

    code = "batch_nothing_ready"


class FileUnmatched(InvalidInput):
    """Neither the file nor its name says whose it is. Enter the client's number."""

    code = "batch_unmatched"


class FileOfSeveral(InvalidInput):
    """This file speaks of several clients (%(numbers)s). Split it, or enter the number of the one that it is for."""

    code = "batch_several"


class FileOfNoClient(InvalidInput):
    """You act for nobody with the number %(numbers)s. Correct the number, or ask that client for a mandate."""

    code = "batch_no_client"


class FileWithoutMandate(InvalidInput):
    """Your mandate for this client does not cover acting in this theme. Ask the client to extend it."""

    code = "batch_no_mandate"


class FileOfOtherKind(InvalidInput):
    """This declaration does not exist for a party of this kind. Check the number."""

    code = "batch_other_kind"


class ClientTwice(InvalidInput):
    """There are several files for this client. Leave out all but one."""

    code = "batch_client_twice"


class SameFile(InvalidInput):
    """The same file is there more than once. Leave out all but one."""

    code = "batch_same_file"


class FileDoneBefore(InvalidInput):
    """This very file was taken over for this client before (%(reference)s)."""

    code = "batch_done_before"
