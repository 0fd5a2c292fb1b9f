"""What answers and bodies of the desk look like: questions, decisions, proposals, searching, handing over."""

from __future__ import annotations

from rest_framework import serializers

from core.api.schemas.messages import Message
from core.messaging.states import Outcome


class Question(serializers.Serializer[object]):
    """A question of the caisse, pointing at rows and fields."""

    question = serializers.CharField()
    pointers = serializers.ListField(child=serializers.DictField(), required=False)
    due_on = serializers.DateField(required=False)


class Note(serializers.Serializer[object]):
    """A remark or a reason."""

    note = serializers.CharField(required=False)


class Decision(serializers.Serializer[object]):
    """A decision: its title, and a PDF or its text."""

    title = serializers.CharField()
    text = serializers.CharField(required=False)
    file = serializers.FileField(required=False)


class Wish(serializers.Serializer[object]):
    """A proposed decision: what is to happen, what is published (title with text or PDF), what the party reads."""

    outcome = serializers.ChoiceField([str(one) for one in Outcome])
    title = serializers.CharField(required=False)
    text = serializers.CharField(required=False)
    note = serializers.CharField(required=False)
    file = serializers.FileField(required=False)


class Proposal(serializers.Serializer[object]):
    """A decision that waits for a second person."""

    id = serializers.UUIDField()
    message = serializers.UUIDField()
    outcome = serializers.ChoiceField([str(one) for one in Outcome])
    title = serializers.CharField()
    text = serializers.CharField()
    note = serializers.CharField()
    document = serializers.UUIDField(allow_null=True)
    state = serializers.CharField()
    proposed_at = serializers.DateTimeField()
    proposed_by = serializers.CharField()


class Search(serializers.Serializer[object]):
    """Words to look for; their beginnings are enough."""

    text = serializers.CharField()
    theme = serializers.CharField(required=False)
    cursor = serializers.CharField(required=False)


class PartyLine(serializers.Serializer[object]):
    """A party in a list."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    name = serializers.CharField()
    town = serializers.CharField()


class Found(serializers.Serializer[object]):
    """What has the words: messages with ``place``, where the words stand, and parties."""

    messages = serializers.ListField(child=serializers.DictField())
    next = serializers.CharField(allow_null=True)
    parties = PartyLine(many=True)


class Colleague(serializers.Serializer[object]):
    """To whom a case is handed over."""

    colleague = serializers.CharField(help_text="The id that desk/colleagues/ gives.")


class ColleagueLine(serializers.Serializer[object]):
    """Somebody at the desk."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class Until(serializers.Serializer[object]):
    """Until when a case is set aside."""

    until = serializers.CharField(help_text="A day such as 2026-12-31.")


class DeskMessage(Message):
    """A message as the desk has it."""

    treat_by = serializers.DateField(allow_null=True)
    snoozed_until = serializers.DateField(allow_null=True)
    assigned_to = serializers.UUIDField(allow_null=True)
    assigned_name = serializers.CharField()


class DeskPage(serializers.Serializer[object]):
    """A page of cases."""

    messages = DeskMessage(many=True)
    next = serializers.CharField(allow_null=True)
