"""What every page's frame shows: caisse, seats, boxes with counts, themes, languages, contact."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import get_language, gettext

from core.accounts.stages import OFFER_KEY
from core.catalogue import offers, registry
from core.configuration import configuration
from core.configuration.sections import BrandingSection, ContactSection, LanguagesSection, LocaleSection
from core.messaging import selectors
from core.messaging.states import Box
from core.web.announcements import list_announcements, list_platform_notices
from core.web.areas import name_company_area
from core.web.clients import FEW, list_in_menu
from core.web.desk_frame import describe_desk
from core.web.languages import NATIVE_NAMES
from core.web.links import Link
from core.web.policies import CONSOLE_ROLES
from core.web.putting_away import list_put_away
from core.web.roles import list_roles
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.kernel.actors import Actor
    from core.messaging.selectors import BoxCount
    from core.web.announcements import Announced, PlatformNotice
    from core.web.clients import SeatLink
    from core.web.requests import PortalRequest
    from core.web.roles import RoleLink
    from core.web.support import SupportBanner
    from tenants.scope import CaisseRef


# Where the platform's own pages are; each caisse names its own.
PLATFORM_ZONE = "Europe/Zurich"
_STARTS = frozenset({"party_dashboard", "clients", "due", "desk_queue", "console"})


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to ask."""

    lines: tuple[str, ...]
    phone: str
    mail: str
    hours: str


@dataclass(frozen=True, slots=True)
class Page:
    """The frame of one page."""

    caisse_name: str = "Relais"
    short_name: str = "Relais"
    stylesheet_url: str = ""
    logo_url: str = ""
    favicon_url: str = ""
    seats: tuple[SeatLink, ...] = ()
    more_seats: bool = False
    current_party: str = ""
    acting_for: str = ""
    is_for_person: bool = False
    roles: tuple[RoleLink, ...] = ()
    is_about_oneself: bool = False
    user_name: str = ""
    user_links: tuple[Link, ...] = ()
    languages: tuple[tuple[str, str, bool], ...] = ()
    boxes: tuple[Link, ...] = ()
    themes: tuple[Link, ...] = ()
    desk_links: tuple[Link, ...] = ()
    contact: Contact | None = None
    time_zone: str = PLATFORM_ZONE
    home_url: str = "/"
    sign_out_url: str = ""
    is_platform: bool = False
    is_preview: bool = False
    platform_notices: tuple[PlatformNotice, ...] = ()
    support: tuple[SupportBanner, ...] = ()
    announcements: tuple[Announced, ...] = ()
    offers_factor: bool = False
    extra: dict[str, Any] = field(default_factory=dict)


def page(request: PortalRequest) -> dict[str, Any]:
    """Give templates the frame; it costs three queries on a signed-in page and none elsewhere."""
    if not hasattr(request, "frame"):
        request.frame = _build(request)  # type: ignore[attr-defined]  # kept for the fragments of the same request
    return {"page": request.frame}  # type: ignore[attr-defined]  # set just above


def branding_version(branding: BrandingSection) -> str:
    """Return a short digest; a changed branding has another address and so another cache entry."""
    return hashlib.blake2b(branding.model_dump_json().encode(), digest_size=6).hexdigest()


def _build(request: PortalRequest) -> Page:
    caisse: CaisseRef | None = getattr(request, "caisse", None)
    if caisse is None:
        notices = list_platform_notices(PLATFORM_ZONE)
        return Page(languages=list_languages(tuple(NATIVE_NAMES)), is_platform=True, platform_notices=notices)
    zone = configuration.get(caisse, LocaleSection).time_zone
    branding = configuration.get(caisse, BrandingSection)
    common: dict[str, Any] = {
        "caisse_name": branding.name,
        "short_name": branding.short_name,
        **_look(branding),
        "languages": list_languages(configuration.get(caisse, LanguagesSection).languages),
        "contact": _contact(caisse),
        "time_zone": zone,
        "platform_notices": list_platform_notices(zone),
        "home_url": reverse("home"),
        "sign_out_url": reverse("sign_out"),
    }
    return Page(**common, **_personal(request, caisse), announcements=_announcements(request, caisse))


def _announcements(request: PortalRequest, caisse: CaisseRef) -> tuple[Announced, ...]:
    audiences, actor = {"visitors"}, getattr(request, "actor", None)
    if actor is not None:
        own = request.identity.find_seat(actor.party_id).party.kind if actor.party_id else ""
        audiences |= {"desk"} if actor.is_desk else {"portal", _AUDIENCES.get(own, "")}
    return list_announcements(caisse, audiences, list_put_away(request))


def _look(branding: BrandingSection) -> dict[str, str]:
    """Return the addresses of colours and images."""
    version = branding_version(branding)
    logo = "logo.svg" if branding.logo_svg else "logo.png" if branding.logo_png else ""
    favicon = "favicon.svg" if branding.favicon_svg else ""
    return {
        "stylesheet_url": reverse("branding_css", args=[version]),
        "logo_url": reverse("branding_image", args=[version, logo]) if logo else "",
        "favicon_url": reverse("branding_image", args=[version, favicon]) if favicon else "",
    }


def list_languages(offered: Iterable[str]) -> tuple[tuple[str, str, bool], ...]:
    """Return code, own name and whether it is the page's, for the switch."""
    return tuple((code, NATIVE_NAMES[code], code == get_language()) for code in offered)


def _contact(caisse: CaisseRef) -> Contact:
    contact = configuration.get(caisse, ContactSection)
    hours = contact.hours.get(get_language() or "") or next(iter(contact.hours.values()), "")
    return Contact(contact.address_lines, contact.phone, contact.mail, hours)


def _personal(request: PortalRequest, caisse: CaisseRef) -> dict[str, Any]:
    actor: Actor | None = getattr(request, "actor", None)
    identity = getattr(request, "identity", None)
    person = getattr(request, "person", None)
    if person is not None:
        with tenant_transaction(caisse):
            roles = list_roles(request, caisse, None)
        return {"user_name": person.name, "user_links": _ways(request), "roles": roles, "is_about_oneself": True}
    if actor is None or identity is None or identity.user is None:
        return {}
    with tenant_transaction(caisse):
        roles = list_roles(request, caisse, actor)
        own = describe_desk(request, caisse, actor) if actor.is_desk else _portal(request, caisse, actor)
    return own | {
        "user_name": identity.user.name,
        "user_links": _user_links(request, actor, acts_for_somebody=bool(roles)),
        "roles": roles,
        "offers_factor": _is_start(request) and bool(request.session.get(OFFER_KEY)),
    }


def _is_start(request: PortalRequest) -> bool:
    """Whether this is a page on which people arrive; on the others advice would stand in the way of the work."""
    match = request.resolver_match
    return match is not None and match.url_name in _STARTS


def _ways(request: PortalRequest) -> tuple[Link, ...]:
    """Return the links from what is her own to where she acts."""
    links = []
    if request.identity.seats:
        links.append(Link(gettext("To the portal"), reverse("home")))
    if request.identity.staff:
        links.append(Link(gettext("To the desk"), reverse("desk_queue")))
    return tuple(links)


def _user_links(request: PortalRequest, actor: Actor, *, acts_for_somebody: bool) -> tuple[Link, ...]:
    links = []
    if actor.is_desk and acts_for_somebody:
        links.append(Link(gettext("To the portal"), reverse("home")))
    if not actor.is_desk and request.identity.staff:
        links.append(Link(gettext("To the desk"), reverse("desk_queue")))
    if actor.is_desk and actor.roles & CONSOLE_ROLES:
        links.append(Link(gettext("Settings of the caisse"), reverse("console")))
    if actor.party_id:
        links.append(
            Link(
                name_company_area(request.identity.find_seat(actor.party_id).party.kind),
                reverse("company", args=[actor.party_id]),
            )
        )
    if not actor.is_support:
        links.append(Link(gettext("My access"), reverse("me")))
    return tuple(links)


def _portal(request: PortalRequest, caisse: CaisseRef, actor: Actor) -> dict[str, Any]:
    seat = request.identity.find_seat(actor.party)
    counts = selectors.count_boxes(actor)
    shown, more = list_in_menu(request, FEW)
    return {
        "seats": tuple(shown),
        "more_seats": more,
        "current_party": seat.party.name,
        "acting_for": "" if seat.is_own else seat.acting_party.name,
        "is_for_person": not seat.is_own and seat.party.kind in {"insured", "self_employed"},
        "boxes": _boxes(request, actor, counts),
        "themes": _themes(request, caisse, actor, counts, seat.party.kind),
    }


def _boxes(request: PortalRequest, actor: Actor, counts: list[BoxCount]) -> tuple[Link, ...]:
    current = request.resolver_match.kwargs.get("box") if request.resolver_match else None
    links = []
    for box in Box:
        url = reverse("party_box", args=[actor.party_id, str(box)])
        within = [one for one in counts if one.box is box]
        children = tuple(
            Link(gettext(registry.get_type(one.type_key).title), f"{url}?type={one.type_key}", one.n) for one in within
        )
        links.append(
            Link(
                gettext(box.label),
                url,
                sum(one.n for one in within),
                current=current == str(box),
                children=children if current == str(box) and len(children) > 1 else (),
            )
        )
    return tuple(links)


def _themes(
    request: PortalRequest, caisse: CaisseRef, actor: Actor, counts: list[BoxCount], kind: str
) -> tuple[Link, ...]:
    """Return the links to the themes for such a party, and to others in which something lies for it already."""
    used = {one.theme for one in counts}
    current = request.resolver_match.kwargs.get("theme") if request.resolver_match else None
    return tuple(
        Link(
            theme_name(caisse, theme),
            reverse("party_dossier", args=[actor.party_id, theme.slug]),
            sum(one.n for one in counts if one.theme == theme.slug and one.box is Box.INBOX) or None,
            current=current == theme.slug,
        )
        for theme in offers.list_themes(caisse)
        if actor.may_read(theme.slug) and (theme.serves(kind) or theme.slug in used)
    )


def theme_name(caisse: CaisseRef, theme: Any) -> str:
    """Return the caisse's own name for a theme, else the theme's."""
    return offers.name_theme(caisse, theme.slug)


_AUDIENCES = {"employer": "employers", "agent": "agents", "insured": "insured", "self_employed": "insured"}
