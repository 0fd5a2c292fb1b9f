"""What the desk's search knows of a message, written in the transaction of each step; lists follow by the outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from psycopg import sql

from core.catalogue import registry
from core.messaging import rows
from core.messaging.models import Message, SearchText
from core.outbox.services import enqueue
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from uuid import UUID

    from core.outbox.handlers import Job

TOPIC = "messaging.search"
ROWS_PER_PART = 500

# The entries of what was sent, never of what the party is still writing; no internal note; then who and when.
_TEXT = r"""
SELECT m.id AS message_id, left(concat_ws(' · ',
    CASE WHEN m.sent_at IS NOT NULL THEN (
        SELECT string_agg(v #>> '{}', ' · ') FROM jsonb_path_query(m.payload, 'strict $.**') v
        WHERE jsonb_typeof(v) IN ('string', 'number'))
    END,
    nullif(m.question, ''),
    (SELECT string_agg(e.note, ' · ' ORDER BY e.at) FROM core_messaging_event e
        WHERE e.message_id = m.id AND e.note <> '' AND NOT e.internal),
    (SELECT string_agg(DISTINCT j.reason, ' · ') FROM core_messaging_justification j WHERE j.message_id = m.id),
    (SELECT string_agg(d.title, ' · ' ORDER BY d.created_at) FROM core_documents_document d
        WHERE d.message_id = m.id AND d.kind <> 'receipt'),
    m.reference, nullif(m.period, ''), p.name, nullif(p.number, ''), nullif(p.town, '')), 200000) AS text
FROM core_messaging_message m JOIN core_accounts_party p ON p.id = m.party_id
"""
# Words; numbers and names with their points and dashes left out; umlauts in two letters.
_DOCUMENT = r"""
to_tsvector('simple', regexp_replace(lower(unaccent({text})), '[^[:alnum:]]+', ' ', 'g'))
|| to_tsvector('simple', regexp_replace(regexp_replace(lower(unaccent({text})),
    '([[:alnum:]])[^[:alnum:][:space:]](?=[[:alnum:]])', '\1', 'g'), '[^[:alnum:]]+', ' ', 'g'))
|| CASE WHEN {text} ~ '[äöüÄÖÜ]' THEN to_tsvector('simple', regexp_replace(lower(unaccent(
    replace(replace(replace(lower({text}), 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'))), '[^[:alnum:]]+', ' ', 'g'))
   ELSE ''::tsvector END
"""
_KEEP = f"""
INSERT INTO core_messaging_searchtext (message_id, part, text, document)
SELECT t.message_id, 0, t.text, {_DOCUMENT.format(text="t.text")} FROM ({_TEXT}
    WHERE m.id = %s AND m.state NOT IN ('draft', 'discarded')) t
ON CONFLICT (message_id, part) DO UPDATE SET text = excluded.text, document = excluded.document
"""  # noqa: S608 -- constants of this module only
_PARTS = f"""
INSERT INTO core_messaging_searchtext (message_id, part, text, document)
SELECT h.message_id, t.part, t.text, h.document || {_DOCUMENT.format(text="t.text")}
FROM (SELECT 1 + row_number / {{size}} AS part,
        string_agg(concat_ws(' ', {{columns}}), ' · ' ORDER BY row_number) AS text
    FROM {{table}} WHERE message_id = {{message}} GROUP BY 1) t
JOIN core_messaging_searchtext h ON h.message_id = {{message}} AND h.part = 0
"""  # noqa: S608 -- constants of this module only


def index_message(message_id: UUID) -> None:
    """Keep what a message is found by as it now stands, within the caller's transaction; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [message_id])


def request_rows(message: Message) -> None:
    """Have the list of a message that was sent made findable, once this transaction has committed."""
    if message.row_count:
        enqueue(topic=TOPIC, payload={"message_id": str(message.id)})


def index_rows(job: Job) -> None:
    """Put the people of a list into the search, in blocks; repeatable."""
    with tenant_transaction(job.caisse):
        message = Message.objects.filter(id=job.payload["message_id"], sent_at__isnull=False).first()
        if message is None or not rows.has_rows(message):
            return
        SearchText.objects.filter(message=message, part__gt=0).delete()
        with connection.cursor() as cursor:
            cursor.execute(_parts_of(message))


def _parts_of(message: Message) -> sql.Composed:
    message_type = registry.get_type(message.type_key, message.type_version)
    names = dict.fromkeys((*message_type.row_label, *message_type.row_identity))
    return sql.SQL(_PARTS).format(
        size=sql.Literal(ROWS_PER_PART),
        columns=sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(name)) for name in names),
        table=sql.Identifier(rows.row_model(message)._meta.db_table),
        message=sql.Literal(message.id),
    )
