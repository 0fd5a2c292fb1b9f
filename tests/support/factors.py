"""Second factors of people in tests: an app, a device with a passkey, a list of recovery codes."""

from __future__ import annotations

from core.accounts.factors import recovery, totp, totp_codes
from core.accounts.factors.sealing import seal
from core.accounts.models import EnrolledFactor
from core.kernel import clock
from tenants.scope import tenant_transaction
from tests.support.authenticator import Authenticator


def give_app(caisse, user, label="Phone"):
    """Set an app up as the pages leave it; return its secret."""
    secret = totp_codes.new_secret()
    with tenant_transaction(caisse):
        EnrolledFactor.objects.create(
            user=user, kind=totp.KIND, label=label, secret=seal(totp.AT_REST, user.id, secret), created_at=clock.now()
        )
    return secret


def code_of(secret, ahead=0):
    """Return what the app shows now, or so many periods later."""
    return totp_codes.code_of(secret, totp_codes.step_at(clock.now()) + ahead)


def wrong_code_of(secret):
    """Return six digits that the app shows neither now nor within some minutes of now."""
    shown = {code_of(secret, ahead) for ahead in range(-5, 6)}
    return next(code for code in (f"{number:06}" for number in range(len(shown) + 1)) if code not in shown)


def give_recovery_codes(caisse, user):
    """Give her a list; return the codes as printed."""
    codes = recovery.make_codes()[:4]
    hashed = recovery.hash_codes(codes)
    with tenant_transaction(caisse):
        for start, code_hash in hashed:
            EnrolledFactor.objects.create(
                user=user, kind=recovery.KIND, code_start=start, code_hash=code_hash, created_at=clock.now()
            )
    return codes


def make_device(slug="ak26", **more):
    """Return a device on which nothing is set up yet."""
    return Authenticator(origin=f"http://{slug}.localhost", rp_id=f"{slug}.localhost", **more)


def give_passkey(browser, device, label="Laptop"):
    """Set the device's passkey up by the pages, in a browser where its owner has just signed in."""
    asked = browser.get("/me/factors/passkey/challenge/").json()
    answer = browser.post("/me/factors/passkey/", device.set_up(asked) | {"label": label})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return device
