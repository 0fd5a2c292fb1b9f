"""What answers and bodies about the caisse's sections look like."""

from __future__ import annotations

from typing import get_args

from rest_framework import serializers

from core.configuration.history import State


class SectionSummary(serializers.Serializer[object]):
    """One section of the configuration with the JSON schema of its value."""

    key = serializers.CharField()
    title = serializers.CharField()
    help = serializers.CharField(allow_blank=True)
    group = serializers.CharField()
    version = serializers.IntegerField(help_text="The version in force, 0 for one that was never set.")
    schema = serializers.DictField()


class ConfigurationSection(serializers.Serializer[object]):
    """A section as it is in force."""

    key = serializers.CharField()
    version = serializers.IntegerField()
    value = serializers.DictField()


class PutSection(serializers.Serializer[object]):
    """A section as it is to hold, as a whole."""

    value = serializers.DictField()
    expected_version = serializers.IntegerField(
        help_text="The version that was read; another one in force is a conflict."
    )
    effective_from = serializers.DateField(
        required=False,
        allow_null=True,
        help_text="From the beginning of this day where the caisse is; left out: at once.",
    )
    reason = serializers.CharField(required=False, max_length=500, help_text="Stands in the history.")
    dry_run = serializers.BooleanField(required=False, default=False, help_text="Only say what would change.")


class PutSectionResult(serializers.Serializer[object]):
    """What putting a section changed, or would change."""

    key = serializers.CharField()
    version = serializers.IntegerField(help_text="The version that holds then.")
    changes = serializers.ListField(child=serializers.CharField(), help_text="A line of English for each entry.")
    effective_from = serializers.DateTimeField(allow_null=True)
    applied = serializers.BooleanField(help_text="False for a dry run, and where nothing differs.")


class SectionVersion(serializers.Serializer[object]):
    """One version of a section."""

    version = serializers.IntegerField()
    state = serializers.ChoiceField(get_args(State))
    effective_from = serializers.DateTimeField()
    made_at = serializers.DateTimeField()
    made_by = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    changes = serializers.ListField(child=serializers.CharField())
    cancelled_by = serializers.CharField(allow_null=True)
