"""Run as a program, at a caisse that offers the theme of the how-to: sends its two messages, prints what came of it.

A program of its own, since a process learns its themes once, when it starts.
"""

from __future__ import annotations

import json
import os
import re
import sys
from datetime import timedelta

import django

REMOVAL, WORKPLACES = "company_address.removal", "company_address.workplaces"


def main(slug: str) -> dict:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "infra.settings.embedded")
    django.setup()
    from core.kernel import clock
    from core.outbox.services import drain
    from infra.demo.cast import EMPLOYER_ADMIN, make_cast
    from tenants.scope import tenant_transaction

    caisse = find_caisse(slug)
    with tenant_transaction(caisse):
        cast = make_cast()
        secret = make_token(cast)
    page = sign_in(caisse, EMPLOYER_ADMIN.email)
    long_ago = (clock.today("Europe/Zurich") - timedelta(days=100)).strftime("%d.%m.%Y")
    entries = {"valid_from": long_ago, "street": "Quai 5", "postcode": "2502", "town": "Bienne", "canton": "vd"}
    by_page = send_by_page(page, f"/p/{cast.parties['factory'].id}/", entries)
    by_rest = send_by_rest(page, secret, lambda: drain(caisse=caisse))
    return {"by_page": by_page, "by_rest": by_rest}


def find_caisse(slug: str):
    from tenants import services
    from tenants.scope import platform_transaction

    with platform_transaction():
        return services.get_caisse_by_slug(slug).ref


def make_token(cast) -> str:
    from core.accounts.seats import build_actor
    from core.accounts.tokens import create_token

    actor = build_actor(cast.users["anne"], cast.parties["factory"].id)
    return create_token(actor=actor, name="Payroll").secret


def sign_in(caisse, name: str):

    from tests.support.browsing import Browser
    from tests.support.people import give_password, read_code

    browser = Browser(HTTP_HOST=f"{caisse.slug}.localhost", HTTP_ACCEPT_LANGUAGE="fr")
    give_password(browser, name)
    browser.post("/sign-in/code/", {"code": read_code(caisse)})
    return browser


def send_by_page(browser, party: str, entries: dict) -> dict:
    """Begin, fill in, justify, send, and fetch the receipt, as a browser posts the portal's forms."""
    menu = text_of(browser.get(f"{party}new/"))
    begun = browser.post(f"{party}new/company_address/{REMOVAL}/")
    message = begun["Location"].removesuffix("edit/")
    form = text_of(browser.get(begun["Location"]))
    browser.post(f"{message}edit/", {"revision": "1", **entries})
    review = browser.get(f"{message}review/")
    to_justify = re.findall(r'action="([^"]+/justify/)"', text_of(review))
    browser.post(to_justify[0], {"reason": "Le bail n’est signé que maintenant."})
    sent = browser.post(f"{message}send/", {"revision": "2", "confirmed": "on"})
    proof = text_of(browser.get(sent["Location"]))
    return {
        "menu": menu,
        "form": form,
        "review": text_of(review),
        "sent": proof,
        "pdf": browser.get(f"{message}receipt.pdf").content[:5].decode(),
    }


def send_by_rest(browser, secret: str, work) -> dict:
    """The list of workplaces: a row that is doubled, mended, then sent twice with one key."""
    call = {"content_type": "application/json", "headers": {"Authorization": f"Bearer {secret}"}}
    draft = browser.post("/api/v1/messages/", {"type": WORKPLACES, "payload": {"on_day": "2026-01-01"}}, **call).json()
    address = f"/api/v1/messages/{draft['id']}/"
    rows = [{"town": "Bienne", "canton": "be", "persons": "12"}, {"town": "Bienne", "canton": "BE", "persons": "3"}]

    def put(revision: int) -> int:
        browser.put(f"{address}rows/", {"revision": revision, "rows": rows}, **call)
        browser.post(f"{address}check/", **call)
        work()
        return browser.get(address, **call).json()["revision"]

    revision = put(draft["revision"])
    findings = browser.get(f"{address}findings/", **call).json()
    rows[1]["town"] = "Nidau"
    body = {"revision": put(revision), "confirmed": True}
    call["headers"] |= {"Idempotency-Key": "one"}
    sent, again = (browser.post(f"{address}send/", body, **call) for _time in range(2))
    work()
    return {
        "codes": [(one["row"], one["field"], one["code"], one["why"]) for one in findings],
        "message": browser.get(address, **call).json(),
        "sent": sent.status_code,
        "equal": sent.json() == again.json(),
        "receipt": browser.get(f"{address}receipt/", **call).json()["content"],
        "pdf": browser.get(f"{address}receipt.pdf", **call).content[:5].decode(),
        "schema": WORKPLACES in browser.get("/api/v1/message-types/", **call).content.decode(),
    }


def text_of(answer) -> str:
    assert answer.status_code == 200, (answer.request["PATH_INFO"], answer.status_code)
    return answer.content.decode()


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
