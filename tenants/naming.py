"""The names of roles and schemas, and the rules for a caisse's id and slug."""

from __future__ import annotations

import re
import secrets
import string

OWNER = "relais_owner"
PROVISIONER = "relais_provisioner"
APP = "relais_app"
PLATFORM_ROLE = "relais_platform"
# Every caisse's role is a member: what all of them may read is granted once, to this one.
CAISSES_ROLE = "relais_caisses"

PLATFORM_SCHEMA = "platform"
EXTENSIONS_SCHEMA = "public"
TEMPLATE_PREFIX = "tpl_"

_ID = re.compile(r"[a-z][a-z0-9]{7}\Z")
_SLUG = re.compile(r"[a-z][a-z0-9-]{0,29}[a-z0-9]\Z")
_PREFIX = re.compile(r"[a-z0-9][a-z0-9-]{0,40}\Z")
_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\Z")

RESERVED_SLUGS = frozenset(
    {
        *("admin", "api", "app", "apps", "assets", "auth", "autoconfig", "autodiscover", "blog", "branding"),
        *("broker", "cdn", "check", "clerk", "console", "demo", "dev", "docs", "ftp", "health", "help", "host"),
        *("imap", "localhost", "login", "mail", "media", "mx", "ns", "ns1", "ns2", "operator", "platform", "pop"),
        *("public", "relais", "root", "security", "sign-in", "smtp", "static", "status", "support", "system"),
        *("test", "webmail", "www"),
    }
)
# First path segments that a caisse's own pages use; a path prefix must not hide them.
RESERVED_PREFIXES = frozenset(
    {
        *("activate", "api", "branding", "check", "clerk", "console", "dev", "health", "i18n", "legal"),
        *("operator", "p", "platform"),
        *("sign-in", "sign-out", "static"),
    }
)


def new_caisse_id() -> str:
    """Return a random id of 8 characters (41 bits), a letter first; it never changes."""
    rest = string.ascii_lowercase + string.digits
    return secrets.choice(string.ascii_lowercase) + "".join(secrets.choice(rest) for _ in range(7))


def is_caisse_id(text: str) -> bool:
    """Whether the text can be the id of a caisse, and so be part of a name in SQL."""
    return _ID.match(text) is not None


def is_slug(text: str) -> bool:
    """Whether the text can be the address of a caisse: a DNS label that nothing else needs."""
    return _SLUG.match(text) is not None and "--" not in text and text not in RESERVED_SLUGS


def is_path_prefix(text: str) -> bool:
    """Whether the text can be the first path segment of a caisse on a shared host."""
    return _PREFIX.match(text) is not None and text not in RESERVED_PREFIXES


def is_host(text: str) -> bool:
    """Whether the text is a host name in lower case, without port and trailing dot."""
    return _HOST.match(text) is not None


def schema_of(caisse_id: str) -> str:
    """Return the name of a caisse's schema."""
    return f"c_{caisse_id}"


def role_of(caisse_id: str) -> str:
    """Return the name of a caisse's role."""
    return f"relais_c_{caisse_id}"
