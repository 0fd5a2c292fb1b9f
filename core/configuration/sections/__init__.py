"""The typed sections of a caisse's configuration; forms, file, REST and history come from these classes."""

from __future__ import annotations

from core.configuration.sections.access import ExportSection, SignInSection, SmsSection
from core.configuration.sections.appearance import PAPER, SUPPORTED_LANGUAGES, BrandingSection, LanguagesSection
from core.configuration.sections.calendar import CalendarSection, Holiday
from core.configuration.sections.contact import Announcement, ContactSection, NoticesSection
from core.configuration.sections.delivery import DeliveryRule, DeliverySection
from core.configuration.sections.figures import FiguresSection, OwnFigure
from core.configuration.sections.legal import (
    CONCERNED,
    ExternalLink,
    LegalSection,
    Processor,
    Purpose,
    RequirementsSection,
)
from core.configuration.sections.limits import DeadlinesSection, IntakeSection
from core.configuration.sections.maintenance import MaintenanceSection, Window
from core.configuration.sections.openid import OpenIdLevel, OpenIdSection
from core.configuration.sections.place import LocaleSection
from core.configuration.sections.retention import RetentionRule, RetentionSection
from core.configuration.sections.terms import Platform, TermsSection
from core.configuration.sections.texts import OwnText, TextsSection
from core.configuration.sections.themes import EmployerGroup, ThemeOffer, ThemesSection, TypeRule

__all__ = [
    "CONCERNED",
    "PAPER",
    "SUPPORTED_LANGUAGES",
    "Announcement",
    "BrandingSection",
    "CalendarSection",
    "ContactSection",
    "DeadlinesSection",
    "DeliveryRule",
    "DeliverySection",
    "EmployerGroup",
    "ExportSection",
    "ExternalLink",
    "FiguresSection",
    "Holiday",
    "IntakeSection",
    "LanguagesSection",
    "LegalSection",
    "LocaleSection",
    "MaintenanceSection",
    "NoticesSection",
    "OpenIdLevel",
    "OpenIdSection",
    "OwnFigure",
    "OwnText",
    "Platform",
    "Processor",
    "Purpose",
    "RequirementsSection",
    "RetentionRule",
    "RetentionSection",
    "SignInSection",
    "SmsSection",
    "TermsSection",
    "TextsSection",
    "ThemeOffer",
    "ThemesSection",
    "TypeRule",
    "Window",
]
