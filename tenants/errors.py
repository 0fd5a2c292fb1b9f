"""What can go wrong with scopes, addresses and provisioning."""

from __future__ import annotations

from core.kernel.errors import Conflict, InvalidInput, NotFound, Unavailable


class ScopeMissing(RuntimeError):
    """A query outside ``tenant_transaction`` or ``platform_transaction``: a fault in the code."""


class ScopeConflict(RuntimeError):
    """A scope within one of another caisse or of the platform: a fault in the code."""


class CaisseUnknown(NotFound):
    """There is no caisse "%(caisse)s"."""

    code = "caisse_unknown"


class SlugTaken(Conflict):
    """A caisse "%(slug)s" exists already."""

    code = "slug_taken"


class SlugNotAllowed(InvalidInput):
    """The address "%(slug)s" is not allowed.

    It needs 2 to 31 characters a-z, 0-9 and hyphen, a letter first, and must be no word that the
    platform keeps for itself.
    """

    code = "slug_not_allowed"


class SlugMalformed(SlugNotAllowed):
    """The address "%(slug)s" cannot be used.

    An address has small letters a-z, digits and single hyphens, begins with a letter and does not
    end with a hyphen; no capitals, accents, quotes, dots or spaces.
    """

    code = "slug_malformed"


class SlugTooShort(SlugNotAllowed):
    """The address "%(slug)s" is too short. It needs at least two characters."""

    code = "slug_too_short"


class SlugTooLong(SlugNotAllowed):
    """The address is too long: it has %(length)s characters, and at most %(most)s are possible."""

    code = "slug_too_long"


class SlugReserved(SlugNotAllowed):
    """The address "%(slug)s" is a word that the platform keeps for itself. Choose another one."""

    code = "slug_reserved"


class SlugUnfinished(SlugTaken):
    """A caisse "%(slug)s" was begun and is not complete yet. Go on with it instead of making a new one."""

    code = "slug_unfinished"


class HostNotAllowed(InvalidInput):
    """The address "%(host)s" is not allowed.

    It needs a host name, or a host name and one path segment, that the platform does not keep for
    itself.
    """

    code = "host_not_allowed"


class HostTaken(Conflict):
    """The address "%(host)s" belongs to another caisse."""

    code = "host_taken"


class HostMalformed(HostNotAllowed):
    """The address "%(host)s" is no host name.

    Write it as in the address bar, without https:// and without a port: portal.caisse.ch, or
    portal.caisse.ch/name for one of several caisses on a host.
    """

    code = "host_malformed"


class HostOfPlatform(HostNotAllowed):
    """The address "%(host)s" is the platform's own. Each caisse has one below it already, by its short name."""

    code = "host_of_platform"


class PathPrefixNotAllowed(HostNotAllowed):
    """The path in "%(host)s" cannot be used.

    It is one segment of small letters, digits and hyphens, and none of the words that pages of the
    portal begin with.
    """

    code = "path_prefix_not_allowed"


class AddressExists(Conflict):
    """The caisse has the address "%(host)s" already."""

    code = "address_exists"


class AddressUnknown(NotFound):
    """The caisse does not have this address, or no longer."""

    code = "address_unknown"


class ProvisioningInProgress(Conflict):
    """Another process is making the caisse "%(slug)s" at this moment. Wait for it to end."""

    code = "provisioning_in_progress"


class CaisseNotReady(Conflict):
    """The caisse "%(slug)s" is not complete. Run "caisse create %(slug)s" again to finish it."""

    code = "caisse_not_ready"


class ImportUnfinished(Conflict):
    """An import into the caisse "%(slug)s" was interrupted. Import again, or remove what is left of it."""

    code = "import_unfinished"


class CaisseBusy(Conflict):
    """Somebody still works in the caisse "%(slug)s". Try again in a moment."""

    code = "caisse_busy"


class PlatformNotReady(Unavailable):
    """The platform is not set up for this version. Run "manage.py platform init" first."""

    code = "platform_not_ready"


class MigrationRunning(Conflict):
    """Another process is migrating at this moment. Wait for it to end."""

    code = "migration_running"


class QuotaNotAllowed(InvalidInput):
    """This limit needs a whole number, at least %(least)s."""

    code = "quota_not_allowed"


class SuspensionOver(InvalidInput):
    """The end lies in the past. Give a later one, or none."""

    code = "suspension_over"


class NoticeNotAllowed(InvalidInput):
    """The notice needs a text, and an end after its beginning and after now."""

    code = "notice_not_allowed"


class NoticeEnded(Conflict):
    """This notice has ended already."""

    code = "notice_ended"
