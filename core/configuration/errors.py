"""What can be wrong with a configuration; each names the place and the reason."""

from __future__ import annotations

from core.kernel.errors import Conflict, InvalidInput, NotFound, Unavailable


class ConfigurationInvalid(InvalidInput):
    """Nothing was changed, because the file has faults: %(places)s."""

    code = "configuration_invalid"


class ConfigurationUnreadable(InvalidInput):
    """This file is not valid TOML: %(reason)s."""

    code = "configuration_unreadable"


class VersionUnknown(NotFound):
    """There is no version %(version)s of these settings."""

    code = "version_unknown"


class SectionUnknown(NotFound):
    """There is no section %(key)s. Known sections: %(known)s."""

    code = "section_unknown"


class ChangeNotPending(Conflict):
    """Version %(version)s is in force or was cancelled; only a change that is still to come can be cancelled."""

    code = "change_not_pending"


class SecretUnreadable(Unavailable):
    """The secret that is set as %(place)s cannot be read. The operator has to provide it again."""

    code = "secret_unreadable"


class PresetUnknown(InvalidInput):
    """There is no preset %(name)s. Known presets: %(known)s."""

    code = "preset_unknown"
