"""What can be wrong with a configuration; each names the place and the reason."""

from __future__ import annotations

from core.kernel.errors import InvalidInput


class ConfigurationInvalid(InvalidInput):
    """Nothing was changed, because the file has faults: %(places)s."""

    code = "configuration_invalid"


class ConfigurationUnreadable(InvalidInput):
    """This file is not valid TOML: %(reason)s."""

    code = "configuration_unreadable"


class PresetUnknown(InvalidInput):
    """There is no preset %(name)s. Known presets: %(known)s."""

    code = "preset_unknown"
