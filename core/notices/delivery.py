"""Handing texts over: renders an outbox entry in the recipient's language and calls the port."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from django.utils.translation import gettext

from core.configuration import choices, configuration
from core.configuration.registry import add_check
from core.configuration.sections import BrandingSection, ContactSection, DeliverySection, LocaleSection, TextsSection
from core.configuration.speaking import choose_words
from core.kernel import clock
from core.kernel.text import N_
from core.notices import ports, services
from core.notices.enclosures import read_enclosure
from core.notices.own_texts import find_text_faults, name_notices, write_text
from core.notices.texts import get_notice
from core.notices.windows import find_window
from core.outbox import handlers

if TYPE_CHECKING:
    from core.outbox.handlers import Job

log = structlog.get_logger(__name__)


def register() -> None:
    """Bind the three topics, and look at what is to go by post and at own texts."""
    handlers.register(services.MAIL, deliver_mail)
    handlers.register(services.SMS, deliver_sms)
    handlers.register(services.LETTER, deliver_letter)
    add_check(DeliverySection, find_missing_printer)
    add_check(TextsSection, find_text_faults)
    choices.offer("notices", name_notices)


def find_missing_printer(section: DeliverySection) -> list[str]:
    """Return why nothing can go by post: this installation has nobody who prints letters."""
    if ports.can_print_letters():
        return []
    text = gettext(N_("This installation prints no letters; only “electronic” is possible."))
    rules = [("way", section.way)] + [(f"rules.{number}.way", rule.way) for number, rule in enumerate(section.rules)]
    return [f"{place}: {text}" for place, way in rules if way != "electronic"]


def deliver_mail(job: Job) -> None:
    """Hand an e-mail over."""
    to, subject, text = _render(job)
    mail = ports.Mail(
        id=job.id,
        caisse=job.caisse.slug,
        sender_name=_caisse_name(job),
        to=str(to),
        subject=subject,
        text=_with_foot(job, text),
        language=job.payload["language"],
    )
    ports.mail_sender().send_mail(mail)


def deliver_sms(job: Job) -> None:
    """Hand an SMS over, unless what it says holds no longer."""
    until = (job.secret or {}).get("good_until")
    if until and clock.now() >= datetime.fromisoformat(until):
        log.info("sms_outlived", notice=job.payload["notice"])
        return
    to, _subject, text = _render(job)
    ports.sms_sender().send_sms(ports.Sms(id=job.id, caisse=job.caisse.slug, to=str(to), text=text))


def deliver_letter(job: Job) -> None:
    """Hand a letter over."""
    to, subject, text = _render(job)
    enclosure = job.payload.get("enclosure")
    place = configuration.get(job.caisse, LocaleSection)
    letter = ports.Letter(
        id=job.id,
        caisse=job.caisse.slug,
        sender_name=_caisse_name(job),
        address=tuple(to),
        subject=subject,
        text=text,
        language=job.payload["language"],
        window=find_window(place.jurisdiction, configuration.get(job.caisse, DeliverySection).window),
        day=clock.today(place.time_zone),
        sender_lines=configuration.get(job.caisse, ContactSection).address_lines,
        enclosures=(read_enclosure(job.caisse, UUID(enclosure)),) if enclosure else (),
    )
    ports.letter_printer().print_letter(letter)


def _render(job: Job) -> tuple[Any, str, str]:
    if job.secret is None:
        message = "the recipient was blanked already"
        raise handlers.PermanentFailure(message)
    try:
        notice = get_notice(job.payload["notice"])
    except KeyError:
        message = f"no text {job.payload['notice']!r}"
        raise handlers.PermanentFailure(message) from None
    values = {**job.secret["fields"], "caisse": _caisse_name(job)}
    return job.secret["to"], *write_text(job.caisse, notice, job.payload["language"], values)


def _with_foot(job: Job, text: str) -> str:
    """Put the caisse's own lines below a mail, parted as mail programs know a signature."""
    feet = configuration.get(job.caisse, BrandingSection).mail_foot
    foot = choose_words(job.caisse, feet, job.payload["language"])
    return f"{text}\n\n-- \n{foot.strip()}" if foot.strip() else text


def _caisse_name(job: Job) -> str:
    return configuration.get(job.caisse, BrandingSection).name
