"""Parties, the mandates between them, and the memberships that let users use a mandate."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from core.kernel.identifiers import new_id

PARTY_KINDS = ("employer", "insured", "self_employed", "agent")
PARTY_STATES = ("active", "read_only", "suspended", "ended")
MANDATE_STATES = ("asked", "accepted", "refused", "ended")
MANDATE_BASES = ("self", "agreement", "power_of_attorney", "law")
MEMBER_ROLES = ("administrator", "member")

_IN_ORDER = Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from"))


class Party(models.Model):
    """Whom the caisse serves, or who acts for such a one (an agent, such as a fiduciary firm).

    ``number`` is the caisse's own; ``enterprise_number`` and ``regions`` (where the party is known
    to employ people) are written as the caisse's jurisdiction writes them. ``theme_choices`` maps the
    slug of a theme that she took up or declined to ``{"taken": bool, "on": date}``.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=14)
    number = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=200)
    street = models.CharField(max_length=120, blank=True)
    address_extra = models.CharField(max_length=120, blank=True)
    postcode = models.CharField(max_length=12, blank=True)
    town = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, blank=True)
    enterprise_number = models.CharField(max_length=40, blank=True)
    regions = ArrayField(models.CharField(max_length=10), default=list)
    language = models.CharField(max_length=10, default="fr")
    contact_email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    birth_date = models.DateField(null=True)
    state = models.CharField(max_length=10, default="active")
    affiliated_from = models.DateField(null=True)
    affiliated_until = models.DateField(null=True)
    external_ids = models.JSONField(default=dict)
    theme_choices = models.JSONField(default=dict)
    access_reminded_on = models.DateField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="party_kind_known", condition=Q(kind__in=PARTY_KINDS)),
            models.CheckConstraint(name="party_state_known", condition=Q(state__in=PARTY_STATES)),
            models.UniqueConstraint(name="party_number_once", fields=["kind", "number"], condition=~Q(number="")),
            models.CheckConstraint(
                name="party_affiliation_in_order",
                condition=Q(affiliated_until__isnull=True)
                | Q(affiliated_from__isnull=True)
                | Q(affiliated_until__gte=F("affiliated_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def declined_themes(self) -> frozenset[str]:
        """The themes that she does not want here: what lies there can be read, nothing new begins."""
        return frozenset(slug for slug, choice in self.theme_choices.items() if not choice["taken"])


class Mandate(models.Model):
    """The right of one party to act for another; a party acts for itself by a mandate of basis self.

    ``document_id`` is the proof, such as a signed power of attorney; ``revision`` counts changes. While
    ``paused_at`` is set nobody confirmed it at its yearly review, and it gives no right.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    acting_party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="mandates_held")
    for_party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="mandates_given")
    basis = models.CharField(max_length=20)
    themes = ArrayField(models.CharField(max_length=40), null=True)
    document_types = ArrayField(models.CharField(max_length=80), null=True)
    may_act = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    state = models.CharField(max_length=8)
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=1)
    document_id = models.UUIDField(null=True)
    reviewed_on = models.DateField(null=True)
    reminded_on = models.DateField(null=True)
    # The last day of which both sides were reminded.
    reminded_until = models.DateField(null=True)
    paused_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["acting_party", "state"], name="mandate_acting"),
            models.Index(fields=["for_party", "state"], name="mandate_for"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(name="mandate_state_known", condition=Q(state__in=MANDATE_STATES)),
            models.CheckConstraint(name="mandate_basis_known", condition=Q(basis__in=MANDATE_BASES)),
            models.CheckConstraint(name="mandate_dates_in_order", condition=_IN_ORDER),
            models.CheckConstraint(
                name="mandate_self_means_self",
                condition=Q(basis="self", acting_party=F("for_party"))
                | (~Q(basis="self") & ~Q(acting_party=F("for_party"))),
            ),
            models.CheckConstraint(
                name="mandate_ended_has_time", condition=~Q(state="ended") | Q(ended_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.acting_party_id} for {self.for_party_id}"


class Membership(models.Model):
    """A user's place within an acting party: which themes and clients are hers (none named: all).

    ``cap_themes`` is the most that the caisse allows her. A row with ``substitute_for`` stands in for
    another's, and never reaches further than that one does on the same day.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    user = models.ForeignKey("core_accounts.User", on_delete=models.PROTECT, related_name="memberships")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=14)
    themes = ArrayField(models.CharField(max_length=40), null=True)
    cap_themes = ArrayField(models.CharField(max_length=40), null=True)
    clients = ArrayField(models.UUIDField(), null=True)
    may_act = models.BooleanField(default=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    confirmed_on = models.DateField(null=True)
    paused_at = models.DateTimeField(null=True)
    reminded_until = models.DateField(null=True)
    substitute_for = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="substitutes")
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.UUIDField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="membership_role_known", condition=Q(role__in=MEMBER_ROLES)),
            models.CheckConstraint(name="membership_dates_in_order", condition=_IN_ORDER),
            models.UniqueConstraint(
                name="membership_once",
                fields=["user", "party"],
                condition=Q(ended_at__isnull=True, substitute_for__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.party_id}"
