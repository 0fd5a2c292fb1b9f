"""What somebody outside vouches for: a person's client certificate, or her account at an OpenID provider."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from core.kernel.identifiers import new_id

OUTSIDE_KINDS = ("certificate", "openid")
_LIVE = Q(revoked_at__isnull=True)


class OutsideKey(models.Model):
    """One certificate or one account at a provider that opens a user's account here, until it is removed.

    ``issuer`` and ``subject`` are the certificate's names, or the provider's address and the value of the
    claim by which it knows her. ``fingerprint`` (SHA-256, hexadecimal) is a certificate's alone; one that
    was entered by its fingerprint learns its names when it is first presented.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=12)
    user = models.ForeignKey("core_accounts.User", on_delete=models.PROTECT, related_name="outside_keys")
    issuer = models.CharField(max_length=500, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    label = models.CharField(max_length=200, blank=True)
    valid_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "subject"], name="outside_subject", condition=_LIVE)]
        constraints: ClassVar = [
            models.CheckConstraint(name="outside_kind_known", condition=Q(kind__in=OUTSIDE_KINDS)),
            models.CheckConstraint(
                name="outside_names_something",
                condition=Q(kind="certificate", fingerprint__regex="^[0-9a-f]{64}$")
                | (Q(kind="openid", fingerprint="") & ~Q(issuer="") & ~Q(subject="")),
            ),
            models.UniqueConstraint(
                name="outside_certificate_once", fields=["fingerprint"], condition=_LIVE & Q(kind="certificate")
            ),
            models.UniqueConstraint(
                name="outside_account_once", fields=["issuer", "subject"], condition=_LIVE & Q(kind="openid")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
