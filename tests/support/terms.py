"""Terms of use as a test needs them: written in all languages, published, answered."""

from core.terms import answering, drafting
from core.terms.models import TermsText
from tenants.scope import tenant_transaction

LANGUAGES = ("fr", "de", "it", "en")


def make_draft(office, *, audience="employer", languages=LANGUAGES, body="# Accès\n\nChacun garde ses codes."):
    """Write a draft."""
    gilles = office.clerk("gilles")
    with tenant_transaction(office.caisse):
        draft = drafting.start_draft(actor=gilles, audience=audience)
        for language in languages:
            values = {"title": f"Conditions {language}", "summary": "Ce qui change.", "body": body}
            drafting.save_text(actor=gilles, version=draft, language=language, values=values)
    return draft


def publish(office, day, *, draft=None, grace_days=30, asks=True, **texts):
    """Publish a version that holds from a day."""
    draft = draft or make_draft(office, **texts)
    with tenant_transaction(office.caisse):
        return drafting.publish_version(
            actor=office.clerk("gilles"), version=draft, valid_from=day, grace_days=grace_days, asks=asks
        )


def answer(office, version, kind, name="anne"):
    """Answer the French text as somebody of the factory."""
    actor = office.actor(name)
    with tenant_transaction(office.caisse):
        text = TermsText.objects.get(version=version, language="fr")
        answering.answer_terms(actor=actor, version=version, kind=kind, language="fr", sha256=text.sha256)
