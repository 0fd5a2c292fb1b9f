"""Which of a caisse's tables travel with it, and why the others stay behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings

from tenants import contents

if TYPE_CHECKING:
    from django.db import models

# Everything that a person entered or that proves something. Tables of themes always travel.
TRAVEL = frozenset(
    {
        *("auth_permission", "auth_group", "auth_group_permissions"),
        *("core_audit_entry", "core_configuration_sectionversion"),
        *("core_accounts_apitoken", "core_accounts_party", "core_accounts_mandate", "core_accounts_membership"),
        *(
            "core_accounts_user",
            "core_accounts_staffmember",
            "core_accounts_activation",
            "core_documents_deliverychoice",
        ),
        *("account_emailaddress", "socialaccount_socialaccount"),
        *("core_documents_document", "core_documents_storageuse", "core_documents_trustedkey"),
        *("core_messaging_team", "core_messaging_teammember", "core_messaging_reply", "core_messaging_partyflag"),
        *("core_messaging_message", "core_messaging_event", "core_messaging_counter", "core_messaging_mark"),
        *("core_messaging_unreadcell", "core_messaging_finding", "core_messaging_justification"),
        *("core_messaging_proposal", "core_messaging_queuememory"),
        *("core_messaging_batch", "core_messaging_batchfile", "core_accounts_mandatelist"),
        *("core_messaging_searchtext", "core_messaging_offerchange"),
        *("core_accounts_accessrequest", "core_accounts_mandaterequest", "core_accounts_partyending"),
        *("core_accounts_incident", "core_accounts_outsidekey"),
        *("core_enrolment_application", "core_enrolment_staffcode"),
        *("core_letters_campaign", "core_letters_letter"),
        *("core_terms_version", "core_terms_termstext", "core_terms_answer", "core_terms_agreementstep"),
        *("core_messaging_receipt", "core_messaging_job", "core_messaging_idempotencykey"),
    }
)

_OWN = "Made anew where the caisse arrives; the manifest says which version it was."
_SHORT = "Holds for minutes only."
STAY: dict[str, str] = {
    "django_content_type": _OWN,
    "django_migrations": _OWN,
    "core_outbox_entry": (
        "Mail, SMS and effects that are under way: both caisses would send them, and their secrets are sealed with the "
        "platform's key. Open work on files is started anew at arrival."
    ),
    "core_notices_smsuse": "Counts the platform's SMS, against abuse.",
    "core_accounts_session": "A sign-in holds where it was made; everybody signs in again.",
    "core_accounts_trusteddevice": "A browser is remembered where it was; the second factor is asked once more.",
    "core_accounts_onetimecode": _SHORT,
    "core_accounts_enrolledfactor": (
        "Apps' secrets are sealed with the platform's key, and devices bind passkeys to a host: all set up anew."
    ),
    "core_accounts_ratelimit": _SHORT,
    "core_accounts_supportgrant": (
        "Lets an operator of this platform in; whoever runs the next one is not granted it. The audit travels."
    ),
    "core_accounts_supportpass": _SHORT,
    "account_emailconfirmation": _SHORT,
    "socialaccount_socialapp": "Secrets that an identity provider gave this platform; they are entered anew.",
    "socialaccount_socialtoken": "Tokens of an identity provider for this platform; the next sign-in fetches new ones.",
}

# The platform's tables with rows of a caisse that stay when she is deleted; all others lose theirs.
PLATFORM_KEEPS = {
    "core_transfer_deletion": "The certificate and who asked for it.",
    "core_transfer_transferfile": "An export can be fetched until its day, also after the deletion.",
    "core_operator_act": "What operators did; append-only, without contents.",
    "tenants_platformjob": "The deletion's own job; the caisse's others go with her.",
}
PLATFORM_DROPS = frozenset(
    {
        *("tenants_host", "tenants_hostcheck", "tenants_caissequota", "tenants_provisioningstep"),
        *("core_operator_hoursample", "core_operator_daysample", "core_operator_standing"),
    }
)


def list_models() -> list[type[models.Model]]:
    """Return the models of all tables of a caisse by the tables' names."""
    return sorted(contents.models_of(contents.caisse_labels()), key=lambda one: one._meta.db_table)


def is_of_theme(model: type[models.Model]) -> bool:
    """Whether the table belongs to a theme, in the product or outside of it."""
    return apps.get_app_config(model._meta.app_label).name in settings.THEME_APPS


def travels(model: type[models.Model]) -> bool:
    """Whether the rows are part of an export. What nobody decided about travels: a test finds it, not a loss."""
    return model._meta.db_table not in STAY


def list_travelling() -> list[type[models.Model]]:
    """Return the models whose rows are part of an export, by the tables' names."""
    return [model for model in list_models() if travels(model)]
