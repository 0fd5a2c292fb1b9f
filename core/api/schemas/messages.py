"""What answers and bodies about messages look like: drafts, rows, findings, events, receipts, documents."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.kernel.issues import Severity
from core.messaging.work_tables import JOB_STATES


class Message(serializers.Serializer[object]):
    """A message; ``payload``, ``row_count``, ``totals`` and ``summary`` only for who may see the contents."""

    id = serializers.UUIDField()
    reference = serializers.CharField()
    type = serializers.CharField()
    version = serializers.IntegerField()
    theme = serializers.CharField()
    title = serializers.CharField()
    kind = serializers.CharField()
    state = serializers.CharField()
    channel = serializers.CharField()
    party = serializers.UUIDField()
    period = serializers.CharField(allow_blank=True)
    revision = serializers.IntegerField()
    checked = serializers.BooleanField(help_text="Whether the last check speaks of the present contents.")
    created_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    question = serializers.CharField(allow_blank=True)
    pointers = serializers.ListField(child=serializers.DictField())
    in_reply_to = serializers.UUIDField(allow_null=True)
    substitutes = serializers.UUIDField(allow_null=True)
    payload = serializers.DictField(required=False)
    row_count = serializers.IntegerField(required=False)
    totals = serializers.DictField(required=False)
    summary = serializers.DictField(required=False)


class MessagePage(serializers.Serializer[object]):
    """A page of messages."""

    messages = Message(many=True)
    next = serializers.CharField(allow_null=True)


class NewMessage(serializers.Serializer[object]):
    """Begin a draft."""

    type = serializers.CharField(help_text="Key of a message type, see /message-types/.")
    payload = serializers.DictField(required=False)
    substitutes = serializers.UUIDField(required=False, help_text="The sent message that this one will replace.")


class Change(serializers.Serializer[object]):
    """Change entries."""

    revision = serializers.IntegerField()
    payload = serializers.DictField()


class Send(serializers.Serializer[object]):
    """Send one revision."""

    revision = serializers.IntegerField()
    confirmed = serializers.BooleanField(help_text="That the entries are complete and true.")


class Rows(serializers.Serializer[object]):
    """The whole list."""

    revision = serializers.IntegerField()
    rows = serializers.ListField(child=serializers.DictField())


class RowPage(serializers.Serializer[object]):
    """A page of rows."""

    rows = serializers.ListField(child=serializers.DictField())
    next_after = serializers.IntegerField(allow_null=True)


class Finding(serializers.Serializer[object]):
    """What a check found."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    severity = serializers.ChoiceField([str(one) for one in Severity])
    row = serializers.IntegerField(allow_null=True)
    field = serializers.CharField(allow_null=True)
    title = serializers.CharField()
    why = serializers.CharField()
    fix = serializers.CharField()
    legal_source = serializers.CharField()
    reason = serializers.CharField(allow_null=True)


class Reason(serializers.Serializer[object]):
    """A written reason."""

    reason = serializers.CharField()
    alike = serializers.BooleanField(default=False)


class Event(serializers.Serializer[object]):
    """One step."""

    message = serializers.UUIDField()
    event = serializers.CharField()
    at = serializers.DateTimeField()
    actor = serializers.CharField()
    side = serializers.CharField()
    to = serializers.CharField(allow_null=True)
    note = serializers.CharField()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add ``from``, which Python keeps for itself."""
        return {**super().get_fields(), "from": serializers.CharField(allow_null=True)}


class Job(serializers.Serializer[object]):
    """Long work."""

    id = serializers.UUIDField()
    message = serializers.UUIDField()
    kind = serializers.CharField()
    state = serializers.ChoiceField(JOB_STATES)
    progress = serializers.IntegerField()
    stage = serializers.CharField()
    fault = serializers.CharField(allow_null=True)
    result = serializers.DictField()


class Receipt(serializers.Serializer[object]):
    """A receipt."""

    message = serializers.UUIDField()
    short_code = serializers.CharField()
    sent_at = serializers.DateTimeField()
    key_id = serializers.CharField()
    algorithm = serializers.CharField()
    signature = serializers.CharField(help_text="Hexadecimal Ed25519 signature over the bytes of ``sealed``.")
    sealed = serializers.CharField()
    content = serializers.DictField()


class Count(serializers.Serializer[object]):
    """Messages of one type in one box."""

    box = serializers.CharField()
    theme = serializers.CharField()
    type = serializers.CharField()
    count = serializers.IntegerField()


class MessageType(serializers.Serializer[object]):
    """What can be declared."""

    key = serializers.CharField()
    version = serializers.IntegerField()
    theme = serializers.CharField()
    title = serializers.CharField()
    payload_schema = serializers.DictField()
    row_schema = serializers.DictField(allow_null=True)


class Document(serializers.Serializer[object]):
    """What is known of a document."""

    id = serializers.UUIDField()
    message = serializers.UUIDField(allow_null=True)
    theme = serializers.CharField()
    kind = serializers.CharField()
    title = serializers.CharField()
    filename = serializers.CharField()
    media_type = serializers.CharField()
    size_bytes = serializers.IntegerField()
    sha256 = serializers.CharField()
    state = serializers.CharField()
    created_at = serializers.DateTimeField()


class Upload(serializers.Serializer[object]):
    """A file."""

    file = serializers.FileField()
    purpose = serializers.ChoiceField(["data", "attachment"], default="data")


class Uploaded(serializers.Serializer[object]):
    """A stored file, and the job that reads it."""

    document = Document()
    job = Job(allow_null=True)
