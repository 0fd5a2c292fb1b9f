"""Steps that several enrolments share: reading what came by mail or letter, and setting an access up with a code."""

from __future__ import annotations

import json
import re
from pathlib import Path

from django.conf import settings
from playwright.sync_api import expect

OWN_PASSWORD = "quatre mots tres calmes"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}
PRIMARY = "main form .btn-primary"


def read(walker, kind, pattern, skip=0):
    """Wait for a text of a kind in which the pattern stands; return what it found."""
    for _ in range(300):
        kept = [json.loads(file.read_text()) for file in Path(settings.DEV_OUTBOX_FOLDER).glob("*.json")]
        texts = [one["text"] for one in sorted(kept, key=lambda one: one["at"]) if one["kind"] == kind]
        found = [match for match in (re.search(pattern, text) for text in texts) if match]
        if len(found) > skip:
            return found[-1]
        walker.page.wait_for_timeout(100)
    message = f"no {kind} came"
    raise AssertionError(message)


def look(walker, name):
    """Look at a page in French; the walk in German is for its words."""
    if walker.language == "fr":
        walker.look(name)


def set_up(person, code):
    """Walk the eight steps, stopping once; in French with a code by SMS, in German with a passkey."""
    page = person.page
    person.go("/activate/")
    type_code(person, code)
    look(person, "letter-email")
    page.fill("#email", "paula@rente.example")
    page.locator(PRIMARY).first.click()
    page.wait_for_selector("#code")
    look(person, "letter-email-code")
    page.fill("#code", read(person, "mail", r"\b(\d{6})\b")[1])
    page.locator(PRIMARY).first.click()
    page.wait_for_selector("#given")
    look(person, "letter-names")
    page.locator("form[action$='/leave/'] button").click()
    type_code(person, code)
    page.fill("#given", "Paula")
    page.fill("#family", "Rente")
    page.wait_for_load_state()
    for box in page.locator("#terms").all():
        box.check()
    page.locator(PRIMARY).first.click()
    page.fill("#password", OWN_PASSWORD)
    page.fill("#again", OWN_PASSWORD)
    page.locator(PRIMARY).first.click()
    page.wait_for_selector("#mobile")
    look(person, "letter-factor")
    (prove_mobile if person.language == "fr" else set_up_passkey)(person)
    page.wait_for_selector("#name")
    expect(page.locator(".alert-success")).to_be_visible()


def type_code(person, code):
    person.page.fill("#code", code)
    person.page.locator(PRIMARY).first.click()
    person.page.wait_for_selector("form[action$='/leave/']")


def prove_mobile(person):
    page, known = person.page, len(person.texts())
    page.fill("#mobile", "079 100 20 30")
    page.locator(PRIMARY).first.click()
    page.wait_for_selector("form[action$='/confirm/'] #code")
    look(person, "letter-sms")
    page.fill("#code", person._read_code(known))
    page.locator("form[action$='/confirm/'] button").click()


def set_up_passkey(person):
    """Choose the passkey instead of the SMS; a device that knows its user answers."""
    page = person.page
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    page.locator("main a[href$='way=passkey']").click()
    page.fill("#label", "Schlüssel")
    page.locator("form[action$='/factor/'] button").click()
