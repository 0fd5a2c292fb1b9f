"""People: whoever signs in at a caisse, and which of them work for it."""

from __future__ import annotations

import unicodedata
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from core.kernel.identifiers import new_id

# An invited person has no password yet: she signs in only after her activation.
USER_STATES = ("invited", "active", "blocked", "left")
STAFF_ROLES = ("administrator", "clerk", "auditor")


def normalise_sign_in_name(typed: str) -> str:
    """Return the one spelling under which a sign-in name is stored and looked up."""
    return unicodedata.normalize("NFKC", typed).strip().lower()


class UserManager(BaseUserManager["User"]):
    """Finds users by any spelling of their sign-in name."""

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the user; raises ``User.DoesNotExist``."""
        return self.get(sign_in_name=normalise_sign_in_name(username or ""))


class User(AbstractBaseUser):
    """A person known to this caisse. Her contact address may be shared, her sign-in name is hers."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sign_in_name = models.CharField(max_length=150, unique=True)
    contact_email = models.EmailField(null=True)
    given_name = models.CharField(max_length=100, blank=True)
    family_name = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=10, default="fr")
    mobile = models.CharField(max_length=20, blank=True)
    mobile_confirmed_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, default="active")
    state_changed_at = models.DateTimeField(null=True)
    state_reason = models.CharField(max_length=200, blank=True)
    password_changed_at = models.DateTimeField(null=True)
    password_expires_at = models.DateTimeField(null=True)
    password_must_change = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "sign_in_name"
    EMAIL_FIELD = "contact_email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="user_state_known", condition=Q(state__in=USER_STATES)),
            models.CheckConstraint(
                name="user_sign_in_name_lower", condition=Q(sign_in_name=Lower("sign_in_name")) & ~Q(sign_in_name="")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name that others see beside what she did."""
        return f"{self.given_name} {self.family_name}".strip() or self.sign_in_name

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Whether she may sign in at all; Django and allauth ask under this name."""
        return self.state == "active"


class StaffMember(models.Model):
    """A user who works for the caisse: in which roles, for which themes (none named: all)."""

    user = models.OneToOneField(User, primary_key=True, on_delete=models.PROTECT, related_name="staff")
    roles = ArrayField(models.CharField(max_length=16))
    themes = ArrayField(models.CharField(max_length=40), null=True)
    team = models.CharField(max_length=80, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="staff_roles_known", condition=Q(roles__contained_by=list(STAFF_ROLES))),
            models.CheckConstraint(
                name="staff_dates_in_order",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {','.join(self.roles)}"
