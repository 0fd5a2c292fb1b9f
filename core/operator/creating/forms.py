"""What the wizard asks for, page by page; shape only: what the platform knows is checked beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.accounts.invitations.errors import AddressIncomplete
from core.accounts.invitations.person import clean_address
from core.configuration.presets import describe_presets
from core.configuration.sections import SUPPORTED_LANGUAGES
from core.kernel.errors import RelaisError
from core.notices.ports import can_print_letters
from core.operator.creating.file_faults import LARGEST_FILE, FileFault, list_file_faults
from core.operator.views.saying import say
from core.web.languages import NATIVE_NAMES
from tenants.addresses import parse_address
from tenants.slugs import LONGEST, check_slug

if TYPE_CHECKING:
    from collections.abc import Callable

LANGUAGES = [(code, NATIVE_NAMES[code]) for code in SUPPORTED_LANGUAGES]
MOST_HOSTS = 20


def _told(check: Callable[[str], Any], text: str) -> Any:
    """Return what a check returns, or raise its sentence as a fault of the field."""
    try:
        return check(text)
    except RelaisError as error:
        raise ValidationError(say(error)) from None


class PlaceForm(forms.Form):
    """Where the new caisse is, what it is called, and what it begins with."""

    slug = forms.CharField(
        label=_("Short name"),
        max_length=200,
        help_text=_(
            "Letters a-z, digits, hyphens. It stands in the address, before the platform's name, "
            "and can never be changed."
        ),
    )
    name = forms.CharField(label=_("Name"), max_length=120, min_length=2, help_text=_("As it stands on letters."))
    preset = forms.ChoiceField(label=_("It begins with"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("Configuration file"),
        required=False,
        allow_empty_file=True,
        help_text=_("A caisse.toml, for example from another caisse. Its sections take the place of the preset's."),
    )
    kept_file = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    kept_name = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    drop_file = forms.BooleanField(label=_("Leave this file out"), required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        required=False,
        choices=LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: those of the preset or the file."),
    )
    first_language = forms.ChoiceField(
        label=_("First language"),
        required=False,
        choices=[("", ""), *LANGUAGES],
        help_text=_("For whoever has not chosen one."),
    )
    hosts = forms.CharField(
        label=_("Addresses of its own"),
        required=False,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "One per line, the first one is the main one: portal.caisse.ch, or portal.example.ch/name "
            "for one of several caisses on a host. They can be added later too."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = [(name, words) for name, words in describe_presets().items()]
        self.presets = {name: gettext(one.about) if one.about else "" for name, one in words}
        self.presets["none"] = gettext("The file says all; what it leaves out is as the platform has it.")
        named = [(name, gettext(one.title)) for name, one in words]
        self.fields["preset"].choices = [*named, ("none", gettext("A configuration file alone"))]  # type: ignore[attr-defined]  # a choice field
        self.file_faults: list[FileFault] = []

    def clean_slug(self) -> str:
        """Say which rule a short name breaks."""
        slug = str(self.cleaned_data["slug"])
        _told(check_slug, slug)
        return slug

    def clean_hosts(self) -> list[list[str]]:
        """Return hosts with their path prefixes."""
        lines = [line.strip() for line in self.cleaned_data["hosts"].splitlines() if line.strip()]
        if len(lines) > MOST_HOSTS:
            raise ValidationError(gettext("At most %(most)s addresses.") % {"most": MOST_HOSTS})
        return [list(pair) for pair in dict.fromkeys(_told(parse_address, line) for line in lines)]

    def clean(self) -> dict[str, Any]:
        """Look at what depends on each other: languages, and preset and file."""
        given = super().clean() or {}
        first, languages = given.get("first_language"), given.get("languages") or []
        if first and first not in languages:
            self.add_error("first_language", gettext("The first language must be one of those offered."))
        self._take_file(given)
        if given.get("preset") == "none" and not given.get("kept_file") and not self.has_error("file"):
            self.add_error("file", gettext("Choose a file, or a preset to begin with."))
        return given

    def _take_file(self, given: dict[str, Any]) -> None:
        """Keep a new file, the one that was sent before, or none; only a faultless one."""
        uploaded = given.get("file")
        if uploaded is not None and uploaded.size > LARGEST_FILE:
            self.add_error("file", gettext("A configuration file has at most 512 KiB."))
            return
        if uploaded is not None:
            given["kept_file"], given["kept_name"] = uploaded.read(), str(uploaded.name)[:200]
        elif given.get("drop_file"):
            given["kept_file"] = given["kept_name"] = ""
        self._judge_file(given)

    def _judge_file(self, given: dict[str, Any]) -> None:
        content = given.get("kept_file") or ""
        try:
            text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        except UnicodeDecodeError:
            self.add_error("file", gettext("This file is no text in UTF-8."))
            given["kept_file"] = ""
            return
        if len(text) > LARGEST_FILE:
            self.add_error("file", gettext("A configuration file has at most 512 KiB."))
            given["kept_file"] = ""
            return
        self.file_faults = list_file_faults(text) if text else []
        if self.file_faults:
            self.add_error("file", gettext("This file has faults; see the list. Nothing was taken from it."))
        given["kept_file"] = "" if self.file_faults else text

    @property
    def preset_options(self) -> list[tuple[str, str, str, bool]]:
        """Value, name and description of each way to begin, and whether it is chosen."""
        chosen = self["preset"].value()
        choices = self.fields["preset"].choices  # type: ignore[attr-defined]  # a choice field
        return [(value, label, self.presets[value], value == chosen) for value, label in choices]

    @property
    def file_left(self) -> tuple[str, str]:
        """The faultless file that the next round of the form carries: its text and name."""
        if not self.is_bound:
            return str(self.initial.get("kept_file", "")), str(self.initial.get("kept_name", ""))
        given = getattr(self, "cleaned_data", {})
        return (str(given["kept_file"]), str(given.get("kept_name", ""))) if given.get("kept_file") else ("", "")


class AdministratorForm(forms.Form):
    """Who sets the caisse up: she is sent a code with which she chooses her sign-in."""

    given_name = forms.CharField(label=_("First name"), max_length=100)
    family_name = forms.CharField(label=_("Last name"), max_length=100)
    email = forms.EmailField(label=_("E-mail"), max_length=254)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    by = forms.ChoiceField(
        label=_("The code comes"),
        choices=[("mail", _("by e-mail")), ("letter", _("by letter"))],
        widget=forms.RadioSelect,
        initial="mail",
    )
    lines = forms.CharField(
        label=_("Postal address"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needed for a letter: one line each, without the name."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not can_print_letters():
            self.fields["by"].choices = [("mail", gettext("by e-mail"))]  # type: ignore[attr-defined]  # a choice field

    def clean_lines(self) -> list[str]:
        """Return the lines of the address."""
        return [line.strip() for line in self.cleaned_data["lines"].splitlines() if line.strip()]

    def clean(self) -> dict[str, Any]:
        """Ask for a whole address where a letter is wanted."""
        given = super().clean() or {}
        if given.get("by") == "letter":
            try:
                given["lines"] = clean_address(given.get("lines") or [])
            except AddressIncomplete as error:
                self.add_error("lines", say(error))
        return given


# The live check answers while somebody types: nothing longer is looked at.
LONGEST_TYPED = LONGEST * 4
