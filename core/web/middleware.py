"""Language of a page, and errors as pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.cache import patch_vary_headers

from core.configuration import configuration
from core.configuration.sections import LanguagesSection
from core.kernel.errors import AssuranceTooLow, RelaisError, Unavailable
from core.web.languages import LANGUAGE_COOKIE
from core.web.sign_in.step_up import ask_for_more
from core.web.views.errors import RETRY_SECONDS, error_page, unavailable
from tenants.away import is_database_away

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase


class LanguageMiddleware:
    """Her choice first (cookie), then what the browser asks for, within what the caisse offers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in the chosen language and say so."""
        language = self._choose(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language",))
        return response

    def _choose(self, request: HttpRequest) -> str:
        offered, default = self._offered(request)
        chosen = request.COOKIES.get(LANGUAGE_COOKIE, "")
        if chosen in offered:
            return chosen
        asked = translation.get_language_from_request(request)
        return asked if asked in offered and request.headers.get("Accept-Language") else default

    def _offered(self, request: HttpRequest) -> tuple[list[str], str]:
        caisse = getattr(request, "caisse", None)
        if caisse is None:
            return ["fr", "de", "it", "en"], "fr"
        section = configuration.get(caisse, LanguagesSection)
        return list(section.languages), section.default


class ProblemMiddleware:
    """Turns our own errors, and a database that is away, into pages that say what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; errors are handled below. Who is turned away for now is told when to come again."""
        response = self.get_response(request)
        if response.status_code == Unavailable.status:
            response.headers.setdefault("Retry-After", RETRY_SECONDS)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer expected errors with a page; the rest is a server error."""
        if is_database_away(exception):
            return unavailable(request)
        if isinstance(exception, AssuranceTooLow) and (answer := ask_for_more(request, exception)):  # type: ignore[arg-type]  # a caisse's pages have an identity, which it asks for
            return answer
        return error_page(request, exception) if isinstance(exception, RelaisError) else None
