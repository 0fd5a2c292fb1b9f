"""Typed reading of the environment; a wrong or missing value stops the start and says which."""

from __future__ import annotations

import os
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """Return a variable, or the contents of the file that ``NAME_FILE`` points at."""
    file = os.environ.get(f"{name}_FILE")
    # An empty variable is none: make exports those that nobody has set.
    value = Path(file).read_text(encoding="utf-8").strip() if file else os.environ.get(name) or None
    if value is None:
        value = default
    if value is None:
        message = f"{name} (or {name}_FILE) must be set."
        raise ImproperlyConfigured(message)
    return value


def flag(name: str, *, default: bool) -> bool:
    """Return a variable that is exactly ``true`` or ``false``."""
    value = text(name, "true" if default else "false").lower()
    if value not in {"true", "false"}:
        message = f"{name} must be true or false, not {value!r}."
        raise ImproperlyConfigured(message)
    return value == "true"


def number(name: str, default: int) -> int:
    """Return a whole number."""
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        message = f"{name} must be a whole number, not {value!r}."
        raise ImproperlyConfigured(message) from error


def items(name: str, default: str = "") -> list[str]:
    """Return a comma-separated list without blanks."""
    return [item.strip() for item in text(name, default).split(",") if item.strip()]


def secret(name: str, *, least: int) -> str:
    """Return an optional secret, which must be long enough not to be guessed."""
    value = text(name, "")
    if value and len(value) < least:
        message = f"{name} must have at least {least} characters."
        raise ImproperlyConfigured(message)
    return value


def networks(name: str) -> list[str]:
    """Return a comma-separated list of addresses and networks, such as ``127.0.0.1, 10.20.0.0/16``."""
    try:
        return [str(ip_network(one)) for one in items(name)]
    except ValueError as error:
        message = f"{name} must name addresses or networks: {error}."
        raise ImproperlyConfigured(message) from error


def database(url: str) -> dict[str, object]:
    """Return Django's connection settings for ``postgresql://user:password@host:port/name``."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        message = "A database address must look like postgresql://user:password@host:port/name."
        raise ImproperlyConfigured(message)
    return {
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or 5432),
    }
