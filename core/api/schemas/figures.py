"""What the desk's statistics look like."""

from __future__ import annotations

from rest_framework import serializers


class Volume(serializers.Serializer[object]):
    """Messages that arrived in a week or month."""

    bucket = serializers.DateField()
    key = serializers.CharField()
    n = serializers.IntegerField()


class Age(serializers.Serializer[object]):
    """Cases that wait: up to 7, 14, 30 and 60 days, and longer."""

    key = serializers.CharField()
    counts = serializers.ListField(child=serializers.IntegerField())


class Closing(serializers.Serializer[object]):
    """Days from arrival to close."""

    key = serializers.CharField()
    n = serializers.IntegerField()
    median = serializers.FloatField()
    ninth = serializers.FloatField()


class RuleCount(serializers.Serializer[object]):
    """How often a rule was hit, and how often a reason was given."""

    code = serializers.CharField()
    type_key = serializers.CharField()
    asks = serializers.BooleanField()
    n = serializers.IntegerField()
    messages = serializers.IntegerField()
    justified = serializers.IntegerField()


class Statistics(serializers.Serializer[object]):
    """Figures of a period, by theme, or by type within one."""

    since = serializers.DateField()
    until = serializers.DateField()
    by_type = serializers.BooleanField()
    volumes = Volume(many=True)
    ages = Age(many=True)
    closings = Closing(many=True)
    rules = RuleCount(many=True)
