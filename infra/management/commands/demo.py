"""``manage.py demo``: fill the demo caisses with their cast and mail; repeatable."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management.base import BaseCommand, CommandError

from core.accounts.factors import totp_codes as totp
from core.kernel import clock
from core.operator.factors import seal_secret
from infra.demo import cast, enrolment, letters, mail, terms
from tenants import hosts
from tenants.models import Operator
from tenants.scope import platform_transaction, tenant_transaction

OPERATOR = "Olga Plateforme"
DEMO = Path(cast.__file__).parent
WHO = (
    (cast.EMPLOYER_ADMIN, "employer's administrator", ""),
    (cast.COLLEAGUE, "her colleague, theme Employees only", ""),
    (cast.FIDUCIARY, "fiduciary, two clients", ""),
    (cast.FIDUCIARY_AIDE, "fiduciary's aide, one client", ""),
    (cast.BOTH, "works for the employer, and is insured herself", ""),
    (cast.GUARDIAN, "guardian of an insured person", ""),
    (cast.CLERK, "clerk", "clerk/"),
    (cast.SECOND_CLERK, "second clerk", "clerk/"),
    (cast.CAISSE_ADMIN, "administrator of the caisse", "clerk/"),
)


class Command(BaseCommand):
    """Fill the demo."""

    help = "Fill the demo caisses with a fixed cast and living mail; embedded mode only."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Make what is missing in each caisse of the demo, and write the table of sign-ins."""
        if not settings.EMBEDDED:
            raise CommandError("The demo belongs to the embedded mode.")
        # A caisse that somebody made beside the demo's is hers, and is left alone.
        entries = [entry for entry in hosts.list_entries() if (DEMO / f"{entry.ref.slug}.toml").exists()]
        for entry in entries:
            self.stdout.write(f"  {entry.name}")
            with tenant_transaction(entry.ref):
                made = cast.make_cast()
            mail.fill(entry.ref, made)
            terms.publish(entry.ref)
            enrolment.fill(entry.ref, made.parties["factory"])
            letters.fill(entry.ref, made)
        self._make_operator()
        self._write_table([entry.ref.slug for entry in entries])

    def _make_operator(self) -> None:
        with platform_transaction():
            if Operator.objects.filter(email=settings.DEMO_OPERATOR).exists():
                return
            made = Operator(email=settings.DEMO_OPERATOR, name=OPERATOR, created_at=clock.now())
            made.password = make_password(cast.PASSWORD)
            made.totp_secret = seal_secret(made.id, totp.new_secret())
            made.save()

    def _write_table(self, slugs: list[str]) -> None:
        how = f"{cast.PASSWORD} + code by SMS"
        table = [
            {"address": f"http://{slug}.localhost:{{port}}/{path}", "who": who, "sign_in": f"{person.email} / {how}"}
            for slug in slugs
            for person, who, path in WHO
        ]
        table += [
            {"address": f"http://{slug}.localhost:{{port}}/activate/", "who": "insured person", "sign_in": letters.CODE}
            for slug in slugs[:1]
        ]
        how = f"{settings.DEMO_OPERATOR} / {cast.PASSWORD} + one-time password in /dev/outbox/"
        table.append({"address": "http://localhost:{port}/operator/", "who": "operator", "sign_in": how})
        Path(settings.DATA_DIR, "demo.json").write_text(json.dumps({"sign_ins": table}), encoding="utf-8")
