"""What a new password must be like, and which second factors a caisse may ask for."""

from __future__ import annotations

import pytest
from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import RequestFactory

from core.accounts import policy
from core.accounts.passwords import PasswordClasses, PasswordCommon, PasswordLong, PasswordShort, check_new_password
from core.configuration import configuration
from core.configuration.errors import ConfigurationInvalid
from core.configuration.registry import list_faults
from core.configuration.sections import BrandingSection, SignInSection
from core.configuration.services import change_sections
from core.kernel.actors import Actor
from tenants.scope import tenant_transaction
from tests.support.people import give_password

GOOD = "Trois mésanges 4 lacs!"


def set_policy(caisse, **values):
    sections = [SignInSection(**values), BrandingSection(name="Caisse du Lac", short_name="Lac")]
    with tenant_transaction(caisse):
        change_sections(actor=Actor.system("test"), sections=sections)


@pytest.mark.parametrize(
    ("values", "password", "alone", "error"),
    [
        ({"password_length": 12}, "mésange-bleu", False, None),
        ({"password_length": 12}, "mésange-ble", False, PasswordShort),
        ({"password_length": 8}, "mésanges", False, None),
        ({"password_length": 8}, "mésanges", True, PasswordShort),
        ({"password_length": 8}, "mésanges et lacs", True, None),
        ({"password_length": 8, "password_length_alone": 20}, "mésanges et lacs", True, PasswordShort),
        ({"password_classes": "rule"}, "mésanges et lacs", False, PasswordClasses),
        ({"password_classes": "rule"}, GOOD, False, None),
        ({"password_classes": "advice"}, "mésanges et lacs", False, None),
        ({"password_length": 8}, "password123", False, PasswordCommon),
        ({"password_length": 8}, "anne@example.ch", False, PasswordCommon),
        ({"password_length": 8}, "Caisse-du-Lac-2026", False, PasswordCommon),
        ({"password_words": ["Moléson"]}, "Moléson-2026!", False, PasswordCommon),
        ({}, "m" * 129, False, PasswordLong),
    ],
)
def test_rules_of_the_caisse_hold(caisse, anne, values, *, password, alone, error):
    set_policy(caisse, **values)
    if error is None:
        check_new_password(caisse=caisse, password=password, user=anne, alone=alone)
    else:
        with pytest.raises(error):
            check_new_password(caisse=caisse, password=password, user=anne, alone=alone)


def test_every_form_that_sets_a_password_asks_for_the_rules(caisse, anne):
    set_policy(caisse, password_length=20, password_length_alone=20)
    request = RequestFactory().get("/")
    request.caisse = caisse
    with request_context(request):
        with pytest.raises(ValidationError, match="20"):
            get_adapter().clean_password("mésanges et lac", user=anne)
        assert get_adapter().clean_password(GOOD, user=anne) == GOOD
        anne.mobile = ""
        set_policy(caisse, password_length_alone=40)
        with pytest.raises(ValidationError, match="40"):
            get_adapter().clean_password(GOOD, user=anne)


PASSWORDS = {"avs": (12, "advice"), "cpam": (12, "advice"), "cnss": (10, "rule")}


@pytest.mark.parametrize("preset", ["avs", "cpam", "cnss"])
def test_preset_names_its_ways_in_and_keeps_the_floor(preset):
    from core.configuration import presets, tomlfile

    (section,) = (one for one in tomlfile.parse(presets.read_preset(preset)) if isinstance(one, SignInSection))
    assert "factors" in section.model_fields_set
    assert section.factors[0] != "sms"
    assert (section.password_reminder_months, section.trusted_device_days) == (0, 0)
    assert (section.password_length, section.password_classes) == PASSWORDS[preset]
    assert list_faults(section) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("password_length = 6", "[sign_in] password_length: Below the platform's floor: at least 8 is asked here."),
        ('factors = ["sms"]', "[sign_in]: Below the platform's floor: codes by SMS are never the only second factor."),
        ("session_hours = 24", "[sign_in] session_hours: Beyond the platform's limit: at most 12 is allowed here."),
        ('factors = ["passkey"]', "[sign_in] factors: With these alone nobody could sign in here."),
    ],
)
def test_file_below_the_floor_is_refused_with_section_key_and_reason(caisse, tmp_path, monkeypatch, text, fault):
    monkeypatch.setattr(policy, "_installed", {"sms"})
    path = tmp_path / "caisse.toml"
    path.write_text(f"[sign_in]\n{text}\n", encoding="utf-8")
    before = configuration.get(caisse, SignInSection)
    with pytest.raises(CommandError) as caught:
        call_command("caisse", "apply", caisse.slug, str(path))
    assert fault in str(caught.value)
    assert isinstance(caught.value.__cause__, ConfigurationInvalid)
    assert configuration.get(caisse, SignInSection) == before


def test_caisse_without_codes_by_sms_sends_none(caisse, anne, browser):
    set_policy(caisse, factors=["totp"])
    answer = give_password(browser)
    assert answer.status_code == 403
    set_policy(caisse, factors=["totp", "sms"])
    assert give_password(browser)["Location"] == "/sign-in/code/"
