"""Invitations of the caisse's own people, and the activation by which an invited person becomes a user."""

from __future__ import annotations

from core.accounts.invitations.sending import Invitation, revoke_invitation, send_activation
from core.accounts.invitations.services import invite_staff, reissue_invitation

__all__ = ["Invitation", "invite_staff", "reissue_invitation", "revoke_invitation", "send_activation"]
