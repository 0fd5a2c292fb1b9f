"""The API document's components: what answers and bodies look like, for drf-spectacular only."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


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
    severity = serializers.ChoiceField(["block", "justify", "inform"])
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
    state = serializers.ChoiceField(["waiting", "running", "done", "failed"])
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

    outcome = serializers.ChoiceField(["publish", "close", "refuse"])
    title = serializers.CharField(required=False)
    text = serializers.CharField(required=False)
    note = serializers.CharField(required=False)
    file = serializers.FileField(required=False)


class Proposal(serializers.Serializer[object]):
    """A decision that waits for a second person."""

    id = serializers.UUIDField()
    message = serializers.UUIDField()
    outcome = serializers.ChoiceField(["publish", "close", "refuse"])
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
    state = serializers.ChoiceField(["in_force", "pending", "past", "cancelled"])
    effective_from = serializers.DateTimeField()
    made_at = serializers.DateTimeField()
    made_by = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    changes = serializers.ListField(child=serializers.CharField())
    cancelled_by = serializers.CharField(allow_null=True)


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
