from django.db import migrations

# The statements of core/messaging/desk_indexing.py and the expression of desk_search.Folded as they were on this day.
FILL = r"""
INSERT INTO core_messaging_searchtext (message_id, part, text, document)
SELECT t.message_id, 0, t.text, 
to_tsvector('simple', regexp_replace(lower(unaccent(t.text)), '[^[:alnum:]]+', ' ', 'g'))
|| to_tsvector('simple', regexp_replace(regexp_replace(lower(unaccent(t.text)),
    '([[:alnum:]])[^[:alnum:][:space:]](?=[[:alnum:]])', '\1', 'g'), '[^[:alnum:]]+', ' ', 'g'))
|| CASE WHEN t.text ~ '[äöüÄÖÜ]' THEN to_tsvector('simple', regexp_replace(lower(unaccent(
    replace(replace(replace(lower(t.text), 'ä', 'ae'), 'ö', 'oe'), 'ü', 'ue'))), '[^[:alnum:]]+', ' ', 'g'))
   ELSE ''::tsvector END
 FROM (
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

    WHERE m.state NOT IN ('draft', 'discarded')) t
ON CONFLICT (message_id, part) DO UPDATE SET text = excluded.text, document = excluded.document
"""
LISTS = """
INSERT INTO core_outbox_entry (id, topic, payload, created_at, due_at, attempts, last_error)
SELECT gen_random_uuid(), 'messaging.search', jsonb_build_object('message_id', id), now(), now(), 0, ''
FROM core_messaging_message WHERE row_count > 0 AND sent_at IS NOT NULL
"""
FOLDED = (
    "CREATE INDEX party_folded ON core_accounts_party USING gin (("
    "translate(replace(replace(replace(lower(number || ' ' || name || ' ' || town), "
    "'ß', 'ss'), 'œ', 'oe'), 'æ', 'ae'), "
    "'àáâãäåçèéêëìíîïñòóôõöùúûüýÿÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝ', "
    "'aaaaaaceeeeiiiinooooouuuuyyaaaaaaceeeeiiiinooooouuuuy')) gin_trgm_ops) WITH (fastupdate = off)"
)


class Migration(migrations.Migration):

    dependencies = [
        ('core_documents', '0001_initial'),
        ('core_messaging', '0008_search'),
        ('core_outbox', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL([(FOLDED, None)], [("DROP INDEX party_folded", None)]),
        migrations.RunSQL([(FILL, None)], migrations.RunSQL.noop),
        migrations.RunSQL([(LISTS, None)], migrations.RunSQL.noop),
    ]
