"""The console's pages: all sections, one section, what would change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from csp.constants import SELF
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods
from pydantic import ValidationError

from core.configuration import configuration, services
from core.configuration.carrying import carry_section, receive_section
from core.configuration.errors import ConfigurationInvalid
from core.configuration.registry import find_section, list_faults, list_faults_across
from core.configuration.sections import BrandingSection, LocaleSection
from core.kernel import clock
from core.kernel.errors import Conflict, NotFound
from core.web.console.branding.samples import SAMPLES
from core.web.console.changes import list_changes
from core.web.console.faults import describe_faults, describe_refusals
from core.web.console.forms import build_form
from core.web.console.menu import describe, list_shown
from core.web.console.reading import read_form
from core.web.console.search import search_settings
from core.web.policies import console
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse, QueryDict

    from core.configuration.registry import Section
    from core.kernel.actors import Actor
    from core.web.requests import PortalRequest


@console
@require_GET
def index(request: PortalRequest, _actor: Actor) -> HttpResponse:
    """Every section and page by group, or what a search found among them."""
    wanted = request.GET.get("q", "").strip()[:100]
    return render(request, "web/console/index.html", {"q": wanted, "hits": search_settings(wanted) if wanted else None})


@console
@require_http_methods(["GET", "POST"])
def section(request: PortalRequest, actor: Actor, key: str) -> HttpResponse:
    """One section as a form; what was entered is shown as changes before it is saved."""
    loaded = configuration.load(request.caisse)
    page = _Page(request, actor, kind_of(key), loaded.sections, loaded.versions.get(key, 0))
    if request.method == "GET":
        return page.show_form(page.now.model_dump(mode="json"))
    if not page.may_change:
        raise NotFound
    return page.take_up()


def kind_of(key: str) -> type[Section]:
    """Return a section that the console shows; anything else does not exist."""
    kind = find_section(key)
    if kind is None or kind not in list_shown():
        raise NotFound
    return kind


@dataclass(frozen=True, slots=True)
class _Page:
    """A section as it is in force, and what somebody does with it; ``version`` is 0 before the first change."""

    request: PortalRequest
    actor: Actor
    kind: type[Section]
    among: Mapping[str, Section]
    version: int

    @property
    def now(self) -> Section:
        return self.among[self.kind.key]

    @property
    def may_change(self) -> bool:
        return "administrator" in self.actor.roles

    @property
    def posted(self) -> QueryDict:
        return self.request.POST

    @property
    def version_seen(self) -> int:
        """The version that stood on the page when it was opened."""
        text = self.posted.get("version", "")
        return int(text) if text.isdecimal() and len(text) < 10 else self.version  # noqa: PLR2004 -- a version is small

    def take_up(self) -> HttpResponse:
        """Refuse, show what would change, or save."""
        carried = self.posted.get("value")
        entered = {} if carried else read_form(self.kind, self.request)
        try:
            wanted = receive_section(self.kind, carried) if carried else self.kind.model_validate(entered)
        except ValidationError as error:
            return self.show_form(entered or self.now.model_dump(mode="json"), describe_faults(error))
        entered = entered or wanted.model_dump(mode="json")
        if faults := [*list_faults(wanted), *list_faults_across(self.among, [wanted])]:
            return self.show_form(entered, describe_refusals(faults))
        if wanted == self.now:
            messages.info(self.request, gettext("Nothing was changed."))
            return redirect("console_section", key=self.kind.key)
        return self._save(wanted) if "confirmed" in self.posted else self._preview(wanted)

    def show_form(self, value: dict[str, Any], faults: dict[str, str] | None = None) -> HttpResponse:
        controls = build_form(self.kind, value, faults or {})
        context = {
            "kind": self.kind,
            "title": gettext(self.kind.title),
            "intro": describe(self.kind).help,
            "controls": controls,
            "faulty": [one for control in controls for one in control.walk() if one.fault],
            "fault": (faults or {}).get("", ""),
            "has_faults": bool(faults),
            "version": self.version_seen,
            "may_change": self.may_change,
        }
        if self.kind is BrandingSection:
            context["samples"] = [(key, gettext(sample.label)) for key, sample in SAMPLES.items()]
        response = render(self.request, "web/console/section.html", context, status=422 if faults else 200)
        response._csp_update = {"frame-src": [SELF]}  # type: ignore[attr-defined]  # django-csp's way
        return response

    def _preview(self, wanted: Section, *, version: int | None = None, refusal: str = "") -> HttpResponse:
        context = {
            "kind": self.kind,
            "title": gettext(self.kind.title),
            "changes": list_changes(self.now, wanted),
            "value": carry_section(wanted),
            "version": self.version_seen if version is None else version,
            "refusal": refusal,
            "typed": self.posted,
            "today": clock.today(configuration.get(self.request.caisse, LocaleSection).time_zone),
        }
        return render(self.request, "web/console/preview.html", context, status=409 if refusal else 200)

    def _save(self, wanted: Section) -> HttpResponse:
        if self.version_seen != self.version:
            refusal = gettext(
                "Somebody changed this meanwhile. Below is what would change now; save again if it is right."
            )
            return self._preview(wanted, version=self.version, refusal=refusal)
        begin = _begin(self.request)
        try:
            with tenant_transaction(self.request.caisse):
                services.change_sections(
                    actor=self.actor,
                    sections=[wanted],
                    reason=self.posted.get("reason", "").strip()[:500],
                    effective_from=begin,
                    expected=None if begin else {self.kind.key: self.version},
                )
        except (Conflict, ConfigurationInvalid) as error:
            return self._preview(wanted, refusal=gettext(error.message) % error.params)
        messages.success(self.request, gettext("Saved."))
        return redirect(f"{reverse('console_history', args=[wanted.key])}?saved")


def _begin(request: PortalRequest) -> datetime | None:
    """Return the start of the day from which the change holds; nothing for at once."""
    try:
        day = date.fromisoformat(request.POST.get("from", ""))
    except ValueError:
        return None
    zone = configuration.get(request.caisse, LocaleSection).time_zone
    return datetime.combine(day, time(), ZoneInfo(zone)) if day > clock.today(zone) else None
