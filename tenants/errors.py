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


class HostNotAllowed(InvalidInput):
    """The address "%(host)s" is not allowed.

    It needs a host name, or a host name and one path segment, that the platform does not keep for
    itself.
    """

    code = "host_not_allowed"


class HostTaken(Conflict):
    """The address "%(host)s" belongs to another caisse."""

    code = "host_taken"


class ProvisioningInProgress(Conflict):
    """Another process is making the caisse "%(slug)s" at this moment. Wait for it to end."""

    code = "provisioning_in_progress"


class CaisseNotReady(Conflict):
    """The caisse "%(slug)s" is not complete. Run "caisse create %(slug)s" again to finish it."""

    code = "caisse_not_ready"


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
