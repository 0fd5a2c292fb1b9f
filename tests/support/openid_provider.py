"""A real OpenID provider (django-oauth-toolkit) on loopback, as a process of its own: ``python -m … FOLDER PORT``.

It knows the clients that ``clients.json`` in its folder names, and people by ``people.json``: name, password, claims.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.urls import include, path

FORM = """<!doctype html><html lang="en"><title>Provider</title><main><h1>Provider</h1>
{% if form.errors %}<p role="alert">Wrong</p>{% endif %}<form method="post">{% csrf_token %}
<label>Name <input name="username"></label> <label>Password <input name="password" type="password"></label>
<button>Enter</button></form></main></html>"""


def _key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def configure(folder: Path, port: int) -> None:
    (folder / "registration").mkdir(exist_ok=True)
    (folder / "registration" / "login.html").write_text(FORM)
    settings.configure(
        SECRET_KEY=os.urandom(32).hex(),
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__ if __name__ != "__main__" else "tests.support.openid_provider",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "provider.sqlite")}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "oauth2_provider",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [str(folder)],
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
            }
        ],
        SESSION_COOKIE_NAME="provider_session",
        CSRF_COOKIE_NAME="provider_csrf",
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        LOGIN_URL="/login/",
        USE_TZ=True,
        PEOPLE=folder / "people.json",
        OAUTH2_PROVIDER={
            "OIDC_ENABLED": True,
            "OIDC_RSA_PRIVATE_KEY": _key(),
            "OIDC_ISS_ENDPOINT": f"http://localhost:{port}/o",
            "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,
            "OIDC_RP_INITIATED_LOGOUT_ALWAYS_PROMPT": False,
            "PKCE_REQUIRED": True,
            "ALLOWED_REDIRECT_URI_SCHEMES": ["http", "https"],
            "SCOPES": {"openid": "who you are", "profile": "your name"},
            "OAUTH2_VALIDATOR_CLASS": "tests.support.openid_claims.Validator",
        },
    )


def fill(folder: Path) -> None:
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from oauth2_provider.models import Application

    call_command("migrate", verbosity=0)
    for name, person in json.loads((folder / "people.json").read_text()).items():
        User.objects.create_user(name, password=person["password"])
    for one in json.loads((folder / "clients.json").read_text()):
        Application.objects.create(
            name=one["id"],
            client_id=one["id"],
            client_secret=one["secret"],
            client_type="confidential",
            authorization_grant_type="authorization-code",
            redirect_uris=" ".join(one["redirect_uris"]),
            post_logout_redirect_uris=" ".join(one["signed_out"]),
            algorithm="RS256",
            skip_authorization=True,
        )


class Server(ThreadingMixIn, WSGIServer):
    """A browser keeps lines open that it does not use; nobody else shall wait for them."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def list_urls():
    from django.contrib.auth.views import LoginView

    return [
        path("login/", LoginView.as_view()),
        path("o/", include("oauth2_provider.urls", namespace="oauth2_provider")),
    ]


def main() -> None:
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    configure(folder, port)
    django.setup()
    fill(folder)
    from django.core.wsgi import get_wsgi_application

    with make_server("127.0.0.1", port, get_wsgi_application(), server_class=Server, handler_class=Quiet) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()
elif settings.configured and hasattr(settings, "PEOPLE"):
    urlpatterns = list_urls()
