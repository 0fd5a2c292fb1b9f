"""An error in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext

if TYPE_CHECKING:
    from core.kernel.errors import RelaisError


def say(error: RelaisError) -> str:
    """Return the error's sentence."""
    text = gettext(error.message)
    return text % error.params if error.params else text
