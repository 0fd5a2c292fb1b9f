"""Django's entry for the accounts room."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, parties and their ways in."""

    name = "core.accounts"
    label = "core_accounts"

    def ready(self) -> None:
        """Say which second factors there are, so that no caisse shuts itself out, and declare this room's texts."""
        from core.accounts import forgotten, mandates, policy, texts  # noqa: F401, PLC0415 -- app ready
        from core.accounts.affiliation import settings as _endings  # noqa: F401, PLC0415 -- declares a section
        from core.accounts.affiliation import telling as _ends  # noqa: F401, PLC0415 -- declares its text
        from core.accounts.factors import enrolling, sms  # noqa: F401, PLC0415 -- the factors register themselves
        from core.accounts.incidents import forgetting, helping  # noqa: PLC0415 -- app ready
        from core.accounts.invitations import texts as _invitations  # noqa: F401, PLC0415 -- declares its texts
        from core.accounts.memberships import asking, settings, substitutes  # noqa: F401, PLC0415 -- declares a section
        from core.accounts.memberships import texts as _memberships  # noqa: F401, PLC0415 -- declares its texts
        from core.accounts.outside import certificates, proxy, telling  # noqa: F401, PLC0415 -- app ready
        from core.accounts.own import texts as _own  # noqa: F401, PLC0415 -- declares its texts

        if proxy.is_served():
            policy.add_factor("certificate")
        policy.register()
        forgotten.register()
        asking.bind()
        substitutes.register()
        mandates.register()
        helping.bind()
        forgetting.on_enrol_anew(enrolling.forget_all)
        forgetting.on_enrol_anew(certificates.forget_keys)
