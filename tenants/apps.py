"""Django's entry for the tenants room."""

from __future__ import annotations

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """Caisses, hosts, isolation, provisioning."""

    name = "tenants"
    label = "tenants"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bind the checks, those of the doctor too; undo a receiver of django-tenants."""
        from django.db.models.signals import post_delete  # noqa: PLC0415 -- app ready
        from django_tenants.signals import tenant_delete_callback  # noqa: PLC0415 -- app ready

        from tenants import checks, examining  # noqa: F401, PLC0415 -- app ready
        from tenants.host_check import doctor  # noqa: PLC0415 -- app ready

        # It hears every model's deletion and so takes Django's fast path from bulk deletes.
        post_delete.disconnect(tenant_delete_callback)
        examining.register()
        doctor.register()
