"""Operators of the platform, and browsers in which they are signed in."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password

from core.accounts.factors import totp_codes as totp
from core.kernel import clock
from core.operator.factors import open_secret, seal_secret
from core.operator.policies import actor_of
from core.operator.sessions import PASSWORD_LEVEL, OperatorSessionStore
from tenants.models import Operator
from tenants.scope import platform_transaction
from tests.support.browsing import Browser

PASSWORD = "Lac-de-Morat-2026"


def make_operator(name="Olga Betrieb", email="olga@relais.example", *, password=PASSWORD):
    """Return an operator with password and one-time password, made if she is not there yet."""
    with platform_transaction():
        found = Operator.objects.filter(email=email).first()
        if found is None:
            found = Operator(email=email, name=name, created_at=clock.now())
            found.password = make_password(password)
            secret = totp.new_secret()
            found.totp_secret = seal_secret(found.id, secret)
            found.save()
    return found


def operator_actor(operator=None):
    """Return the actor that the console's policy makes of her."""
    return actor_of(operator or make_operator(), PASSWORD_LEVEL)


def sign_in_operator(client=None, operator=None, *, level=PASSWORD_LEVEL):
    """Return a browser at the platform's own host in which an operator has just signed in."""
    client = client or Browser(HTTP_HOST="localhost")
    store = OperatorSessionStore()
    with platform_transaction():
        store.begin(operator or make_operator(), level=level)
    client.cookies["relais_operator"] = store.session_key
    return client


def code_of(operator, *, ahead=0):
    """Return her one-time password of the moment, or one that comes so many periods later."""
    return totp.code_of(open_secret(operator), totp.step_at(clock.now()) + ahead)
