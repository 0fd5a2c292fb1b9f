"""What a finding carries in neutral form reads as people write it, and nothing else is touched."""

import pytest
from django.utils import translation

from core.messaging.neutral import show_neutral


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2025-04-30", "30.04.2025"),
        ("2025-04", "avril 2025"),
        ("296000.00", "296’000.00"),
        ("-1400.50", "−1’400.50"),
        ("2025-13", "2025-13"),
        ("2025-02-30", "2025-02-30"),
        ("756.9217.0769.85", "756.9217.0769.85"),
        ("-24.0", "-24.0"),
        ("Fabrique du Lac SA", "Fabrique du Lac SA"),
        ("٢٠٢٥-٠٤", "٢٠٢٥-٠٤"),
    ],
)
def test_days_months_and_amounts_are_shown_in_the_forms_of_the_language(text, shown):
    with translation.override("fr"):
        assert show_neutral(text, "fr") == shown


@pytest.mark.parametrize(("language", "shown"), [("fr", "avril 2025"), ("de", "April 2025"), ("it", "aprile 2025")])
def test_months_are_written_as_within_a_sentence(language, shown):
    with translation.override(language):
        assert show_neutral("2025-04", language) == shown
