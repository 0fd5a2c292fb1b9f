"""Every text that the platform sends, in each language: read with sample values, written anew, put back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, cast

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods
from pydantic import ValidationError

from core.configuration import configuration, services
from core.configuration.registry import list_faults
from core.configuration.sections import BrandingSection, LanguagesSection, OwnText, TextsSection
from core.kernel.errors import Conflict, NotFound
from core.notices.own_texts import name_notices, show_platforms, show_promise, write_sample
from core.notices.texts import get_notice, list_replaceable
from core.web.console.faults import describe_faults, describe_refusals
from core.web.languages import NATIVE_NAMES
from core.web.policies import console
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.kernel.actors import Actor
    from core.notices.texts import Notice
    from core.web.requests import PortalRequest


@console
@require_GET
def index(request: PortalRequest, _actor: Actor) -> HttpResponse:
    """Every text by occasion, and in which languages the caisse has its own."""
    section = configuration.get(request.caisse, TextsSection)
    languages = configuration.get(request.caisse, LanguagesSection).languages
    listed = [
        {
            "code": notice.code,
            "title": gettext(title),
            "languages": [
                (code, NATIVE_NAMES[code], section.find(notice.code, code) is not None) for code in languages
            ],
        }
        for notice, title in list_replaceable()
    ]
    return render(request, "web/console/letters.html", {"listed": listed})


@console
@require_http_methods(["GET", "POST"])
def text(request: PortalRequest, actor: Actor, text_code: str, text_language: str) -> HttpResponse:
    """One text in one language: a form, what a reader would have, and the way back to the platform's text."""
    page = _Page.open(request, actor, text_code, text_language)
    if request.method == "GET":
        return page.show(page.standing)
    if not page.may_change:
        raise NotFound
    return page.take_up()


@dataclass(frozen=True, slots=True)
class _Page:
    """One text of the section, as it is in force; ``version`` is the section's."""

    request: PortalRequest
    actor: Actor
    notice: Notice
    language: str
    section: TextsSection
    version: int

    @classmethod
    def open(cls, request: PortalRequest, actor: Actor, code: str, language: str) -> _Page:
        """Return the page of a text that there is; anything else does not exist."""
        loaded = configuration.load(request.caisse)
        if language not in NATIVE_NAMES or code not in name_notices():
            raise NotFound
        section = cast("TextsSection", loaded.sections[TextsSection.key])
        return cls(request, actor, get_notice(code), language, section, loaded.versions.get(TextsSection.key, 0))

    @property
    def may_change(self) -> bool:
        return "administrator" in self.actor.roles

    @property
    def own(self) -> OwnText | None:
        return self.section.find(self.notice.code, self.language)

    @property
    def standing(self) -> dict[str, str]:
        """What stands in the form at first: the own text, else the platform's to begin with."""
        subject, body = show_platforms(self.notice, self.language)
        return _entered(self.own.subject or subject, self.own.body) if self.own else _entered(subject, body)

    def take_up(self) -> HttpResponse:
        """Put the platform's text back, show what a reader would have, or save."""
        posted = self.request.POST
        if posted.get("step") == "reset":
            return self._save(None)
        entered = _entered(*(posted.get(name, "").replace("\r\n", "\n").strip() for name in ("subject", "body")))
        language = cast("Literal['fr', 'de', 'it', 'en']", self.language)
        try:
            wanted = OwnText(notice=self.notice.code, language=language, **entered)
        except ValidationError as error:
            return self.show(entered, describe_faults(error))
        if faults := list_faults(TextsSection(texts=(wanted,))):
            found = describe_refusals(faults)
            return self.show(entered, {path.removeprefix("texts.0."): reason for path, reason in found.items()})
        return self._save(wanted) if posted.get("step") == "save" else self.show(entered, sample=wanted)

    def show(
        self,
        entered: dict[str, str],
        faults: dict[str, str] | None = None,
        *,
        sample: OwnText | None = None,
        refusal: str = "",
    ) -> HttpResponse:
        name = configuration.get(self.request.caisse, BrandingSection).name
        subject, body = write_sample(name, self.notice, self.language, sample or self.own)
        context: dict[str, Any] = {
            "title": gettext(name_notices()[self.notice.code]),
            "language": self.language,
            "language_name": NATIVE_NAMES[self.language],
            "entered": entered,
            "faults": faults or {},
            "refusal": refusal,
            "fields": [f"{{{field}}}" for field in sorted(self.notice.fields)],
            "sample": {"subject": subject, "body": body, "is_new": sample is not None},
            "promise": show_promise(name, self.notice, self.language),
            "own": self.own,
            "version": self.version,
            "may_change": self.may_change,
        }
        status = 422 if faults else 409 if refusal else 200
        return render(self.request, "web/console/letter.html", context, status=status)

    def _save(self, wanted: OwnText | None) -> HttpResponse:
        seen = self.request.POST.get("version", "")
        try:
            with tenant_transaction(self.request.caisse):
                services.change_sections(
                    actor=self.actor,
                    sections=[self.section.replace(self.notice.code, self.language, wanted)],
                    reason=self.request.POST.get("reason", "").strip()[:500],
                    expected={TextsSection.key: int(seen) if seen.isdecimal() else -1},
                )
        except Conflict:
            loaded = configuration.load(self.request.caisse)
            fresh = replace(self, version=loaded.versions.get(TextsSection.key, 0))
            refusal = gettext("Somebody changed the texts meanwhile. Look at what stands below and save again.")
            return fresh.show(_entered(wanted.subject, wanted.body) if wanted else self.standing, refusal=refusal)
        messages.success(self.request, gettext("Saved."))
        return redirect("console_letters")


def _entered(subject: str, body: str) -> dict[str, str]:
    return {"subject": subject, "body": body}
