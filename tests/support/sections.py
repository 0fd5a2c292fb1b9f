"""A value for every field of every section that differs from its default, also of sections to come."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Annotated, Any, Literal, get_args, get_origin

from annotated_types import Ge, Le, MinLen
from pydantic import BaseModel

from core.configuration.secret import Secret


def png(width, height):
    """Return a white PNG in base64."""
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))]
    rows = b"".join(b"\0" + b"\xff" * width for _ in range(height)) if width * height < 10**6 else b""
    chunks += [(b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + body).decode()


# Fields whose own rules no general answer satisfies.
OWN: dict[str, Any] = {
    "branding.accent": "#112233",
    "branding.logo_svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">\n<rect width="8" height="8"/>\n</svg>',
    "branding.logo_png": png(4, 2),
    "branding.favicon_svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"/>',
    "figures.figures": [
        {"key": "ahv.percent", "value": "8.9", "valid_from": "2027-01-01", "valid_until": None, "source": "Décision"}
    ],
    "calendar.rest_days": ["fri"],
    "calendar.holidays": [{"day": "2027-08-01", "yearly": True, "names": {"fr": "Fête nationale"}}],
    "delivery.rules": [{"what": "decision", "way": "electronic"}],
    "legal.processors": [{"name": "Hosting SA", "country": "CH", "purposes": {"fr": "Hébergement"}}],
    "legal.purposes": [{"concerned": "employer", "texts": {"fr": "Cotisations"}}],
    "legal.links": [{"address": "https://www.example.ch/", "names": {"fr": "Exemple"}}],
    "terms.platforms": [{"name": "Echange SA", "address": "https://www.example.ch/", "purposes": {"fr": "Annonces"}}],
    "maintenance.windows": [{"day": "2027-02-03", "begins": "22:00", "ends": "01:30", "texts": {"fr": "Tout"}}],
    "company_access.longest_months": 24,
    "company_access.review_months": 12,
    "company_access.pause_days": 30,
    "desk.four_eyes_themes": ["employees"],
    "export.public_key": "age1tyfawzevrx77sfgn008ng8kw85ul73x6kws87aud7q39q5wx647qjpg0w7",
    "languages.languages": ["de", "it"],
    "languages.default": "it",
    "locale.country": "FR",
    "locale.time_zone": "Africa/Casablanca",
    "locale.currency": "EUR",
    "locale.jurisdiction": "fr",
    "notices.notices": [
        {"texts": {"fr": 'Fermé « lundi »,\net "mardi"', "de": "Zu"}, "shown_from": "2027-01-01", "level": "warning"}
    ],
    "enrolment.ways": ["form", "private"],
    "enrolment.kinds": ["employer", "self_employed"],
    "enrolment.hand_over": ["slip", "letter"],
    "enrolment.private_codes": ["employer"],
    "deadlines.protected_from": "12-15",
    "deadlines.protected_until": "02-15",
    "ending.renunciation": "within_a_month",
    "openid.issuer": "https://sign-in.example.ch/o",
    "openid.scopes": ["openid", "profile"],
    "openid.claim": "staff_id",
    "openid.levels": [{"claim": "acr", "value": "urn:qoa:strong", "level": 3}],
    "retention.starts": "sent",
    "retention.display_months": 12,
    "retention.rules": [
        {
            "what": "decision",
            "starts": "period_end",
            "years": 12,
            "months": 3,
            "source": "CO 958f",
            "display_months": 24,
        }
    ],
    "sign_in.factors": ["sms", "certificate"],
    "sign_in.names": ["user_id", "email"],
    "sign_in.password_words": ["Moleson"],
    "sms.allowed_prefixes": ["+33"],
    "texts.texts": [
        {
            "notice": "sign_in_code",
            "language": "fr",
            "subject": "Code de {caisse}",
            "body": "{code} vaut {minutes} min.",
        }
    ],
    "themes.groups": [{"name": "pilot", "employers": ["1001"]}],
    "themes.offers": [
        {
            "slug": "employees",
            "on": False,
            "starts": "2027-03-01",
            "order": 7,
            "names": {"fr": "Personnel"},
            "introductions": {"de": "Zuerst dies."},
            "contacts": {"it": "Sig. Neri"},
            "news": {"fr": "Dès mars."},
            "audience": "group",
            "groups": ["pilot"],
            "employers": ["1002"],
            "types": [{"key": "employees.entry", "on": False, "assurance": 3}],
        }
    ],
}


def entered_values(kind) -> dict[str, Any]:
    """Return the same as somebody enters it at the caisse: references to secrets are the operator's."""
    secret = {name for name, field in kind.model_fields.items() if field.annotation is Secret}
    return {name: value for name, value in other_values(kind).items() if name not in secret}


def other_values(kind) -> dict[str, Any]:
    """Return a value for each field that is valid and not the default, as a file writes it."""
    default = kind().model_dump(mode="json")
    return {
        name: OWN[place] if (place := f"{kind.key}.{name}") in OWN else _other(field, default[name], place)
        for name, field in kind.model_fields.items()
    }


def _other(field, default, place):
    kind, metadata = field.annotation, list(field.metadata)
    while get_origin(kind) is Annotated:
        kind, *more = get_args(kind)
        metadata += more
    if kind is Secret:
        return "env:RELAIS_CAISSE_OTHER"
    if kind is bool:
        return not default
    if kind is int:
        most = bound(metadata, Le, "le")
        return default - 1 if most is not None and default >= most else default + 1
    if kind is str:
        return f"{default} other".strip()[: 1 + max(len(default) + 6, bound(metadata, MinLen, "min_length") or 0)]
    if get_origin(kind) is Literal:
        return next(one for one in get_args(kind) if one != default)
    if get_origin(kind) is dict:
        return {"fr": 'Autre "texte"', "de": "Anderer Text"}
    raise NotImplementedError(f"give {place} a value in OWN")


def bound(metadata, kind, name):
    """Return a limit that a field declares, or nothing."""
    return next((getattr(one, name) for one in metadata if isinstance(one, kind)), None)


def limits_of(kind):
    """Yield the name of each number with values just beyond what its section allows."""
    for name, field in kind.model_fields.items():
        metadata = [
            *field.metadata,
            *(get_args(field.annotation)[1:] if get_origin(field.annotation) is Annotated else ()),
        ]
        for limit, label, step in ((Ge, "ge", -1), (Le, "le", 1)):
            edge = bound(metadata, limit, label)
            if edge is not None:
                yield name, edge + step


def models_within(kind) -> list[type[BaseModel]]:
    """Return a section's model and those of the blocks within it."""
    found = [kind]
    for field in kind.model_fields.values():
        found += [inner for one in _models_of(field.annotation) for inner in models_within(one)]
    return found


def _models_of(annotation):
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in _models_of(part)]
