"""From a service call through the outbox to the port."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from core.accounts.policy import caisse_today
from core.accounts.texts import SIGN_IN_CODE
from core.configuration import configuration
from core.configuration.sections import BrandingSection, SmsSection
from core.configuration.services import change_sections
from core.kernel import clock
from core.kernel.actors import Actor
from core.notices import budget, services
from core.notices.errors import SmsBudgetSpent, SmsNumberNotServed
from core.notices.models import SmsUse
from core.outbox.models import Entry
from core.outbox.services import drain
from tenants.scope import tenant_transaction
from tests.support.browsing import Browser
from tests.support.days import noon_of
from tests.support.steering import limit

FIELDS = {"code": "135790", "minutes": "10"}
MOBILE = "+41791234567"


@pytest.fixture(autouse=True)
def _nothing_waits(caisse):
    """Leave out what making a caisse leaves to do."""
    with tenant_transaction(caisse):
        Entry.objects.all().delete()


@pytest.fixture
def half_past():
    """Stand still at half past the next hour: none ends while a test counts, and what made the caisse lies before it."""
    with clock.travel((clock.now() + timedelta(hours=1)).replace(minute=30)):
        yield


def kept(caisse) -> list[dict]:
    """Return what the embedded outbox holds."""
    drain(caisse=caisse)
    files = sorted(Path(settings.DEV_OUTBOX_FOLDER).glob("*.json"))
    return [json.loads(path.read_text()) for path in files]


def send_sms(caisse, to: str = MOBILE, language: str = "fr"):
    with tenant_transaction(caisse):
        return services.send_sms(notice=SIGN_IN_CODE, to=to, language=language, fields=FIELDS)


def set_sms(caisse, **values) -> None:
    with tenant_transaction(caisse):
        change_sections(actor=Actor.system("test"), sections=[SmsSection(**values)], reason="test")


def test_sms_mail_and_letter_arrive_with_name_and_fields(caisse):
    with tenant_transaction(caisse):
        services.send_sms(notice=SIGN_IN_CODE, to=MOBILE, language="en", fields=FIELDS)
        services.send_mail(notice=SIGN_IN_CODE, to="anne@example.ch", language="en", fields=FIELDS)
        services.print_letter(notice=SIGN_IN_CODE, address=["Anne", "1700 Fribourg"], language="en", fields=FIELDS)
    name = configuration.get(caisse, BrandingSection).name
    by_kind = {item["kind"]: item for item in kept(caisse)}
    assert by_kind["sms"]["to"] == MOBILE
    assert by_kind["mail"]["subject"] == f"News from {name}"
    assert by_kind["letter"]["to"] == "Anne\n1700 Fribourg"
    for item in by_kind.values():
        assert item["text"].startswith(f"135790 is your code for {name}.")


def test_mail_ends_with_the_caisses_own_lines_in_the_readers_language(caisse):
    foot = {"fr": "Rue du Lac 1\nFermé le lundi", "de": "Seestrasse 1"}
    with tenant_transaction(caisse):
        change_sections(actor=Actor.system("test"), sections=[BrandingSection(mail_foot=foot)], reason="test")
        for language in ("de", "it"):
            services.send_mail(notice=SIGN_IN_CODE, to="anne@example.ch", language=language, fields=FIELDS)
        services.send_sms(notice=SIGN_IN_CODE, to=MOBILE, language="de", fields=FIELDS)
    ends = {item["language"]: item["text"].partition("\n\n-- \n")[2] for item in kept(caisse) if item["kind"] == "mail"}
    assert ends == {"de": "Seestrasse 1", "it": "Rue du Lac 1\nFermé le lundi"}
    assert all("-- " not in item["text"] for item in kept(caisse) if item["kind"] == "sms")


def test_nothing_personal_is_readable_in_the_outbox(caisse):
    send_sms(caisse)
    with tenant_transaction(caisse):
        entry = Entry.objects.get()
    everything = json.dumps(entry.payload) + bytes(entry.secret).decode("latin-1")
    assert MOBILE not in everything
    assert FIELDS["code"] not in everything


def test_text_leaves_only_after_the_commit(caisse):
    with pytest.raises(RuntimeError), tenant_transaction(caisse):
        services.send_sms(notice=SIGN_IN_CODE, to=MOBILE, language="fr", fields=FIELDS)
        raise RuntimeError
    assert kept(caisse) == []


def test_repeat_of_a_hand_over_is_the_same_text(caisse):
    send_sms(caisse)
    with tenant_transaction(caisse):
        sealed = Entry.objects.get().secret
    assert len(kept(caisse)) == 1
    with tenant_transaction(caisse):
        Entry.objects.update(done_at=None, secret=sealed, leased_until=None)
    assert len(kept(caisse)) == 1


def test_country_that_is_not_served_gets_nothing(caisse):
    set_sms(caisse, allowed_prefixes=("+41",))
    with pytest.raises(SmsNumberNotServed):
        send_sms(caisse, "+33612345678")
    assert kept(caisse) == []


def test_day_has_a_budget(caisse, other_caisse, half_past):
    set_sms(caisse, daily_limit=2)
    for number in ("+41790000001", "+41780000001"):
        send_sms(caisse, number)
    with pytest.raises(SmsBudgetSpent):
        send_sms(caisse, "+41760000001")
    send_sms(other_caisse)
    with clock.travel(clock.now() + timedelta(days=1)):
        send_sms(caisse)


@pytest.mark.parametrize(
    "midnight",
    [
        # Far ahead: what the test sets now must lie before it, whenever that is.
        datetime(2083, 7, 14, 22, tzinfo=UTC),
        datetime(2083, 12, 14, 23, tzinfo=UTC),
        datetime(2083, 3, 28, 22, tzinfo=UTC),
    ],
    ids=["summer", "winter", "day of 23 hours"],
)
def test_day_of_the_budget_begins_at_the_caisses_midnight(caisse, midnight):
    set_sms(caisse, daily_limit=1)
    with clock.travel(midnight - timedelta(hours=22)):
        send_sms(caisse)
    with clock.travel(midnight - timedelta(seconds=1)), pytest.raises(SmsBudgetSpent):
        send_sms(caisse)
    with clock.travel(midnight):
        send_sms(caisse)
    with clock.travel(midnight + timedelta(hours=3)):
        with pytest.raises(SmsBudgetSpent):
            send_sms(caisse)
        with tenant_transaction(caisse):
            assert budget.get_spent() == (0, 1), "what the console and the operators see is of the same day"


def test_prefix_has_an_hourly_budget(caisse, half_past):
    set_sms(caisse, hourly_limit_per_prefix=1)
    send_sms(caisse, "+41790000001")
    with pytest.raises(SmsBudgetSpent):
        send_sms(caisse, "+41790000002")
    send_sms(caisse, "+41780000001")
    with tenant_transaction(caisse):
        assert SmsUse.objects.get(bucket="all").used == 2
    with clock.travel(clock.now() + timedelta(hours=1)):
        send_sms(caisse, "+41790000002")


def test_prefix_whose_codes_nobody_types_is_stopped(caisse):
    with tenant_transaction(caisse):
        for _ in range(budget.BREAKER_FROM):
            budget.spend_sms(MOBILE)
    with pytest.raises(SmsBudgetSpent):
        send_sms(caisse, MOBILE)
    send_sms(caisse, "+41780000001")
    with clock.travel(clock.now() + timedelta(hours=2)):
        send_sms(caisse, MOBILE)


def test_prefix_whose_codes_are_typed_goes_on(caisse):
    with tenant_transaction(caisse):
        for number in range(budget.BREAKER_FROM):
            budget.spend_sms(MOBILE)
            if number % 4 == 0:
                budget.note_code_used(MOBILE)
    send_sms(caisse, MOBILE)


def test_outbox_page_shows_newest_first_and_filters(caisse):
    send_sms(caisse, "+41790000001")
    with tenant_transaction(caisse):
        services.send_mail(notice=SIGN_IN_CODE, to="anne@example.ch", language="fr", fields=FIELDS)
    assert len(kept(caisse)) == 2
    page = Browser(HTTP_HOST="localhost").get("/dev/outbox/")
    body = page.content.decode()
    assert body.index("anne@example.ch") < body.index("+41790000001")
    assert "no-store" in page["Cache-Control"]
    assert "+41790000001" not in Browser(HTTP_HOST="localhost").get("/dev/outbox/?kind=mail").content.decode()


def test_outbox_page_is_only_on_the_platforms_host(caisse):
    assert Browser(HTTP_HOST="ak26.localhost").get("/dev/outbox/").status_code == 404


def test_platform_limits_stand_below_the_caisses_own_budget(caisse, other_caisse, half_past):
    set_sms(caisse, daily_limit=100)
    limit(caisse, sms_per_hour=2, sms_per_day=3)
    for _time in range(2):
        send_sms(caisse)
    with pytest.raises(SmsBudgetSpent):
        send_sms(caisse)
    send_sms(other_caisse)
    with tenant_transaction(caisse):
        assert budget.get_spent() == (2, 2), "what was refused is not counted"
    begins = noon_of(caisse, caisse_today(caisse) + timedelta(days=1))
    with clock.travel(begins):
        send_sms(caisse)
    with clock.travel(begins + timedelta(hours=1)):
        send_sms(caisse)
    with clock.travel(begins + timedelta(hours=2)):
        send_sms(caisse)
    with clock.travel(begins + timedelta(hours=3)), pytest.raises(SmsBudgetSpent):
        send_sms(caisse)
    limit(caisse, sms_per_day=0)
    with clock.travel(begins + timedelta(days=1)), pytest.raises(SmsBudgetSpent):
        send_sms(caisse)


def test_code_that_has_run_out_is_no_longer_sent(caisse):
    with tenant_transaction(caisse):
        services.send_sms(
            notice=SIGN_IN_CODE, to="+41790000001", language="fr", fields=FIELDS,
            good_until=clock.now() + timedelta(minutes=5),
        )  # fmt: skip
    with clock.travel(clock.now() + timedelta(minutes=6)):
        assert drain(caisse=caisse) == 1
    assert kept(caisse) == []
