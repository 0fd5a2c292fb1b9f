"""The tables of the schema ``platform``: caisses, their addresses, operators, and what was made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Lower
from django_tenants.models import TenantMixin

from core.kernel.identifiers import new_id
from tenants.jobs.models import HostCheck, PlatformJob
from tenants.reference import CaisseRef
from tenants.steering import CaisseQuota, PlatformNotice

if TYPE_CHECKING:
    from tenants.reference import State

__all__ = [
    "Caisse",
    "CaisseQuota",
    "Host",
    "HostCheck",
    "Operator",
    "OperatorPasskey",
    "OperatorSession",
    "PlatformJob",
    "PlatformNotice",
    "ProvisioningStep",
    "Revision",
    "SchemaState",
    "TemplateDump",
]


class Caisse(TenantMixin):  # type: ignore[misc]  # untyped library
    """One fund. ``id`` never changes and names schema and role; ``slug`` is its address.

    Name, number, postcode and town are the platform's directory; the caisse's configuration is their source.
    ``request`` is what ``caisse create`` was asked for, kept so that a killed run can go on.
    ``state_reason`` is for operators; ``closed_texts`` (by language) and ``reopens_at`` are what a
    suspended portal tells its visitors.
    """

    auto_create_schema = False
    auto_drop_schema = False

    class States(models.TextChoices):
        """Where a caisse stands."""

        PROVISIONING = "provisioning"
        ACTIVE = "active"
        SUSPENDED = "suspended"

    id = models.CharField(primary_key=True, max_length=8)
    slug = models.CharField(max_length=31, unique=True)
    name = models.CharField(max_length=200)
    number = models.CharField(max_length=200, blank=True)
    postcode = models.CharField(max_length=200, blank=True)
    town = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, choices=States.choices, default=States.PROVISIONING)
    state_reason = models.CharField(max_length=500, blank=True)
    closed_texts = models.JSONField(default=dict)
    reopens_at = models.DateTimeField(null=True)
    request = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="caisse_state", condition=Q(state__in=["provisioning", "active", "suspended"])),
            models.CheckConstraint(name="caisse_id", condition=Q(id__regex=r"^[a-z][a-z0-9]{7}$")),
            models.CheckConstraint(name="caisse_schema_name", condition=Q(schema_name=Concat(Value("c_"), F("id")))),
            models.CheckConstraint(name="caisse_slug", condition=Q(slug__regex=r"^[a-z][a-z0-9-]{1,30}$")),
        ]

    def __str__(self) -> str:
        return self.slug

    def save(self, **options: Any) -> None:
        """Store the row, nothing else: ``tenants.provisioning`` makes schemas."""
        models.Model.save(self, **options)

    @property
    def ref(self) -> CaisseRef:
        """The reference that requests, tasks and services carry."""
        return CaisseRef(id=self.id, slug=self.slug, state=cast("State", self.state))


class Host(models.Model):
    """An address of a caisse beside ``<slug>.<platform domain>``, which each has by itself.

    With a ``path_prefix`` (one segment, no slashes) several caisses share the host.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    host = models.CharField(max_length=253)
    path_prefix = models.CharField(max_length=41, blank=True)
    caisse = models.ForeignKey(Caisse, on_delete=models.PROTECT, related_name="hosts")
    is_primary = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["host", "path_prefix"], name="host_address"),
            models.UniqueConstraint(fields=["caisse"], condition=Q(is_primary=True), name="host_one_primary"),
            models.CheckConstraint(name="host_lower", condition=Q(host=Lower("host"))),
        ]

    def __str__(self) -> str:
        return f"{self.host}/{self.path_prefix}"


class Operator(models.Model):
    """A person who runs the platform; sees no caisse's contents."""

    class States(models.TextChoices):
        """Whether she may sign in."""

        ACTIVE = "active"
        BLOCKED = "blocked"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField()
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=States.choices, default=States.ACTIVE)
    password = models.CharField(max_length=200, blank=True)
    totp_secret = models.BinaryField(null=True)
    totp_last_step = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    last_signed_in_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="operator_email"),
            models.CheckConstraint(name="operator_state", condition=Q(state__in=["active", "blocked"])),
        ]

    def __str__(self) -> str:
        return self.email


class OperatorPasskey(models.Model):
    """A public key of an operator's authenticator (WebAuthn)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="passkeys")
    credential_id = models.BinaryField(unique=True)
    public_key = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    label = models.CharField(max_length=100)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.label


class OperatorSession(models.Model):
    """A sign-in of an operator. Only the hash of the cookie's key is stored."""

    key_hash = models.BinaryField(primary_key=True, max_length=32)
    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="sessions")
    assurance_level = models.PositiveSmallIntegerField()
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    address = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.operator_id} until {self.expires_at:%Y-%m-%d %H:%M}"


class ProvisioningStep(models.Model):
    """One step of making a caisse that is done; a killed run goes on with the next one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    caisse = models.ForeignKey(Caisse, on_delete=models.CASCADE, related_name="steps")
    name = models.CharField(max_length=60)
    done_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["caisse", "name"], name="step_once"),
        ]

    def __str__(self) -> str:
        return self.name


class TemplateDump(models.Model):
    """The SQL that makes an empty caisse of one version of the code, with a placeholder schema."""

    fingerprint = models.CharField(primary_key=True, max_length=64)
    placeholder = models.CharField(max_length=63)
    text = models.TextField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.placeholder


class SchemaState(models.Model):
    """How the last migration of a schema ended, and which rights it was given."""

    schema_name = models.CharField(primary_key=True, max_length=63)
    rights = models.CharField(max_length=64, blank=True)
    migrated_at = models.DateTimeField()
    error = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.schema_name


class Revision(models.Model):
    """A number that grows with each change of a topic, so that processes know what they missed."""

    topic = models.CharField(primary_key=True, max_length=40)
    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.topic} {self.number}"
