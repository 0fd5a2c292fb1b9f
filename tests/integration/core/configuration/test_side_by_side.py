"""Two caisses that differ in every section, side by side: each shows its own, and nothing of the other."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from core.accounts.texts import SIGN_IN_CODE
from core.configuration.registry import list_sections
from core.kernel import clock
from core.notices import services
from core.outbox.services import drain
from tenants.scope import tenant_transaction
from tests.support.rest import program
from tests.support.sections import other_values

SOON = (clock.now() + timedelta(days=2)).date().isoformat()


def value_of(key):
    """Look at what a program of the caisse reads."""
    return lambda office, own: json.dumps(own.get(f"configuration/{key}/").json()["value"], ensure_ascii=False)


def page(rest, who="anne"):
    """Look at a page of the party, or at one that everybody may open."""

    def look(office, _own):
        browser = office.browser(who)
        answer = browser.get(rest if rest.startswith("/") else office.url(rest), follow=True)
        assert answer.status_code == 200
        return answer.content.decode()

    return look


def stylesheet(office, _own):
    visitor = office.browser()
    return visitor.get("/branding/0.css").content.decode() + visitor.get("/sign-in/").content.decode()


def mail(office, _own):
    with tenant_transaction(office.caisse):
        fields = {"code": "246801", "minutes": "10"}
        services.send_mail(notice=SIGN_IN_CODE, to="anne@example.ch", language="de", fields=fields)
    drain(caisse=office.caisse)
    found = [json.loads(path.read_text()) for path in Path(settings.DEV_OUTBOX_FOLDER).glob("*.json")]
    return "".join(one["text"] for one in found if one["caisse"] == office.caisse.slug)


def texts(text):
    return [{"notice": "sign_in_code", "language": "de", "body": f"{text} {{code}} {{minutes}}"}]


def window(text):
    return [{"day": SOON, "begins": "22:00", "ends": "23:00", "texts": {"de": text}}]


# For each section: what either caisse sets, where one looks, and what is to be seen there of each.
LOOKS = {
    "openid": (
        {},
        {"name": "Haus", "issuer": "https://sign-in.example.ch/o", "client_id": "relais", "claim": "staff_id"},
        '"issuer": ""',
        '"issuer": "https://sign-in.example.ch/o"',
        None,
    ),
    "locale": ({"institution_number": "026.000"}, {"institution_number": "099.000"}, "026.000", "099.000", None),
    "branding": (
        {"name": "Caisse du Lac", "short_name": "Lac", "accent": "#112233"},
        {"name": "Bergkasse", "short_name": "Berg", "accent": "#332211"},
        "#112233",
        "#332211",
        stylesheet,
    ),
    "languages": (
        {"languages": ["fr", "de"], "default": "de"},
        {"languages": ["de", "it"], "default": "de"},
        "Français",
        "Italiano",
        page("/sign-in/", None),
    ),
    "themes": (
        {"offers": [{"slug": "employees", "names": {"de": "Leute am See"}}]},
        {"offers": [{"slug": "employees", "names": {"de": "Leute am Berg"}}]},
        "Leute am See",
        "Leute am Berg",
        page(""),
    ),
    "delivery": ({}, {"way": "choice"}, "von der Kasse festgelegt", 'id="decision-post"', page("delivery/")),
    "contact": ({"street": "Seeweg 1"}, {"street": "Bergweg 2"}, "Seeweg 1", "Bergweg 2", page("/legal/", None)),
    "notices": (
        {"notices": [{"texts": {"de": "Am See zu"}}]},
        {"notices": [{"texts": {"de": "Am Berg zu"}}]},
        "Am See zu",
        "Am Berg zu",
        page(""),
    ),
    "legal": (
        {"notice": {"de": "Impressum See"}},
        {"notice": {"de": "Impressum Berg"}},
        "Impressum See",
        "Impressum Berg",
        page("/legal/", None),
    ),
    "terms": ({"renews_yearly": True}, {}, '"renews_yearly": true', '"renews_yearly": false', None),
    "maintenance": ({"windows": window("Seepumpe")}, {"windows": window("Bahn")}, "Seepumpe", "Bahn", page("")),
    "texts": ({"texts": texts("Seecode")}, {"texts": texts("Bergcode")}, "Seecode 246801", "Bergcode 246801", mail),
    "deadlines": ({"answer_days": 11}, {"answer_days": 22}, '"answer_days": 11', '"answer_days": 22', None),
    "calendar": ({"rest_days": ["sun"]}, {"rest_days": ["fri"]}, '["sun"]', '["fri"]', None),
    "retention": (
        {"years": 10, "display_months": 12},
        {"years": 11, "display_months": 18},
        "1 Jahr lang",
        "18 Monate lang",
        page("done/"),
    ),
    "desk": ({"treatment_days": 11}, {"treatment_days": 22}, '"treatment_days": 11', '"treatment_days": 22', None),
    "intake": ({"upload_megabytes": 11}, {"upload_megabytes": 22}, "11", "22", None),
    "sign_in": ({"code_minutes": 4}, {"code_minutes": 5}, '"code_minutes": 4', '"code_minutes": 5', None),
    "sms": ({"daily_limit": 1111}, {"daily_limit": 2222}, "1111", "2222", None),
}


def looks_of(kind):
    """Return a section's row; one without a row of its own differs in its first text or number, read by a program."""
    row = LOOKS.get(kind.key)
    if row:
        return row
    name, value = next(iter(other_values(kind).items()))
    default = json.dumps(kind().model_dump(mode="json")[name], ensure_ascii=False)
    return {}, {name: value}, f'"{name}": {default}', f'"{name}": {json.dumps(value, ensure_ascii=False)}', None


def test_each_shows_its_own_and_nothing_of_the_other(office, other_office):
    owns = [program(one, one.clerk("gilles")) for one in (office, other_office)]
    rows = {one.key: looks_of(one) for one in list_sections()}
    for key, row in rows.items():
        for own, value in zip(owns, row[:2], strict=True):
            seen = own.get(f"configuration/{key}/").json()["version"]
            body = {"value": value, "expected_version": seen}
            answer = own.call("put", f"configuration/{key}/", body)
            assert answer.status_code == 200, (key, answer.json())
    for key, (_a, _b, here, there, look) in rows.items():
        one, other = (
            (look or value_of(key))(place, own) for place, own in zip((office, other_office), owns, strict=True)
        )
        assert here in one, key
        assert there in other, key
        assert there not in one, key
        assert here not in other, key
