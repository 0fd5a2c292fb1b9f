"""Writing what was done on the platform; always within the caller's scope, so that act and entry commit together."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from core.kernel import clock
from core.kernel.telemetry import request_id
from core.kernel.text import N_
from core.operator.models import Act

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.kernel.actors import Actor
    from core.kernel.issues import Scalar
    from core.kernel.text import Text
    from tenants.models import Caisse, Operator
    from tenants.reference import CaisseRef

_NOTHING: Mapping[str, Scalar] = MappingProxyType({})
_labels: dict[str, Text] = {}
_details: dict[str, Text | None] = {}
_values: dict[str, dict[str, Text]] = {}


def name_actions(labels: Mapping[str, Text]) -> None:
    """Say in words what each action is; every action that is recorded needs its words."""
    for action, label in labels.items():
        if _labels.setdefault(action, label) != label:
            message = f"the action {action!r} has two names"
            raise ValueError(message)


def name_details(labels: Mapping[str, Text | None]) -> None:
    """Say in words what the keys of an entry's ``data`` are; None hides one that tells people nothing."""
    _details.update(labels)


def name_values(key: str, words: Mapping[str, Text]) -> None:
    """Say in words what the values of a key are; one without words is shown as it is."""
    _values.setdefault(key, {}).update(words)


def list_values(key: str) -> dict[str, Text]:
    """Return the words of a key's values."""
    return dict(_values.get(key, {}))


def list_details() -> dict[str, Text | None]:
    """Return the words of every key."""
    return dict(_details)


def list_actions() -> dict[str, Text]:
    """Return the words of every action."""
    return dict(_labels)


def record_act(
    *,
    actor: Actor,
    action: str,
    caisse: CaisseRef | Caisse | None = None,
    about: Operator | None = None,
    data: Mapping[str, Scalar] = _NOTHING,
) -> None:
    """Add one entry within a platform scope. ``action`` is a past-tense name that ``name_actions`` knows.

    ``about`` is the operator whom the act concerns, ``caisse`` the caisse.
    """
    if action not in _labels:
        message = f"the action {action!r} has no name for people"
        raise KeyError(message)
    Act.objects.create(
        at=clock.now(),
        action=action,
        actor_kind=actor.kind,
        actor_name=actor.name,
        operator_id=actor.user_id,
        about_id=about.id if about else None,
        about_name=about.name if about else "",
        caisse_id=caisse.id if caisse else "",
        caisse_slug=caisse.slug if caisse else "",
        request_id=request_id.get(),
        data=dict(data),
    )


name_actions(
    {
        "signed_in": N_("Signed in"),
        "signed_out": N_("Signed out"),
        "signed_out_everywhere": N_("Signed out on all devices"),
        "session_ended": N_("Signed out one device"),
        "sign_in_refused": N_("Sign-in refused"),
        "proof_given": N_("Confirmed who she is"),
        "proof_refused": N_("Confirmation refused"),
        "operator_added": N_("Operator added"),
        "operator_invited_again": N_("New link for an operator made"),
        "operator_enrolled": N_("Operator set up the sign-in"),
        "operator_blocked": N_("Operator blocked"),
        "operator_unblocked": N_("Operator admitted again"),
        "operator_reset": N_("Sign-in of an operator reset"),
        "passkey_added": N_("Passkey added"),
        "passkey_removed": N_("Passkey removed"),
        "passkey_copied": N_("Passkey may have been copied"),
        "password_set": N_("Password and one-time password set"),
        "password_removed": N_("Password and one-time password removed"),
    }
)
name_details(
    {
        "reason": N_("Reason"),
        "until": N_("Until"),
        "host": N_("Address"),
        "count": N_("Number"),
        "kind": N_("Kind"),
        "slug": N_("Short name"),
        "sessions": N_("Devices"),
        "counted": N_("Counter"),
        "known": N_("Counter before"),
        "job": None,
        "notice": None,
        "file": None,
        "deletion": None,
        "public_key": N_("Encrypted with"),
        "level": N_("Weight"),
    }
)
