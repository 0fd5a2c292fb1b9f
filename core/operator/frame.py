"""What the frame of a page of the console shows: who is signed in, and her way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext

from core.web.announcements import list_platform_notices
from core.web.context import PLATFORM_ZONE, Page, list_languages
from core.web.languages import NATIVE_NAMES
from core.web.links import Link

if TYPE_CHECKING:
    from tenants.models import Operator


def frame_of(operator: Operator) -> Page:
    """Return the frame; it costs no query."""
    return Page(
        languages=list_languages(NATIVE_NAMES),
        is_platform=True,
        platform_notices=list_platform_notices(PLATFORM_ZONE),
        home_url=reverse("operator_home"),
        user_name=operator.name,
        user_links=(Link(gettext("My sign-in"), reverse("operator_me")),),
        sign_out_url=reverse("operator_sign_out"),
    )
