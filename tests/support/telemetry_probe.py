"""A program that fails over what somebody entered, and tells of it; run with and without an endpoint."""

from __future__ import annotations

import logging
import sys
import threading
import time

import django


def main() -> None:
    """Break a rule of the database with an e-mail address, log it, and say which threads run."""
    django.setup()
    import structlog
    from django.db import IntegrityError
    from django.test import RequestFactory

    from core.accounts.models import User
    from core.kernel import clock, telemetry
    from tenants import hosts
    from tenants.binding import bind
    from tenants.scope import tenant_transaction

    [caisse] = [entry.ref for entry in hosts.list_entries() if entry.ref.slug == "ak26"]
    try:
        with bind(caisse), telemetry.span("probe"), tenant_transaction(caisse):
            for _twice in range(2):
                User.objects.create(sign_in_name=sys.argv[1], created_at=clock.now())
    except IntegrityError:
        with bind(caisse):
            structlog.get_logger("probe").exception("structured_line")
            request = RequestFactory().get(f"/{sys.argv[1]}/")
            logging.getLogger("django.request").exception("Refused: %s", request.path, extra={"request": request})
    # One more than the main thread listens to the database; any other would be an exporter's.
    print(sorted(one.name for one in threading.enumerate()), "opentelemetry.sdk" in sys.modules)
    print(time.monotonic())  # what follows is the exporters' farewell


if __name__ == "__main__":
    main()
