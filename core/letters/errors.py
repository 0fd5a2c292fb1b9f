"""Why letters could not be made, fetched or marked."""

from __future__ import annotations

from core.kernel.errors import Conflict, InvalidInput


class NobodyChosen(InvalidInput):
    """Nobody fits: all who were chosen have an access already, hold a letter that still counts, or have no address."""

    code = "nobody_chosen"


class TooManyChosen(InvalidInput):
    """A campaign has at most %(most)s letters. Choose fewer, and make another one for the rest."""

    code = "too_many_chosen"


class NameMissing(InvalidInput):
    """Give the campaign a name by which your colleagues recognise it."""

    code = "name_missing"


class NumbersMissing(InvalidInput):
    """Enter the numbers of the parties, one on each line, or choose a workbook with a column of numbers."""

    code = "numbers_missing"


class FileGone(Conflict):
    """The file is not there: it is still being made, was deleted after printing, or has been fetched %(most)s times."""

    code = "file_gone"


class FileDamaged(Conflict):
    """The file in the store is not the one that was made. Make the letters anew; the codes in it count no more."""

    code = "file_damaged"


class IdentityUnchecked(InvalidInput):
    """Say how you made sure who it is; it stays in the history."""

    code = "identity_unchecked"


class AccessExists(Conflict):
    """Somebody signs in for this party already. A new code is for who has no access yet."""

    code = "access_exists"
