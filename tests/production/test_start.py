"""Production's settings on production's components: the platform is made, a caisse is created, nothing else is assumed."""

from __future__ import annotations

import socket

import pytest

from tests.production.running import manage, run


def test_platform_and_caisse_are_made_on_postgresql_15(platform_environment):
    shown = manage(platform_environment, "caisse", "list", "--json")
    assert shown.returncode == 0, shown.stderr
    assert "ak26" in shown.stdout


@pytest.mark.parametrize(
    "name",
    ["RELAIS_SECRET_KEY", "RELAIS_PLATFORM_DOMAIN", "RELAIS_DATABASE_URL", "RELAIS_BROKER_URL", "RELAIS_S3_ENDPOINT",
     "RELAIS_S3_SECRET", "RELAIS_CLAMD", "RELAIS_SMTP_URL", "RELAIS_SMS_URL", "RELAIS_SIGNING_KEY_FILE"],
)  # fmt: skip
def test_missing_setting_stops_the_start_and_is_named(production_stack, name):
    environment = {key: value for key, value in production_stack.environment.items() if key != name}
    done = manage(environment, "signing_keys", "trust-list")
    assert done.returncode != 0
    assert name in done.stderr


def test_trust_list_comes_from_the_demanded_key_file(production_stack):
    done = manage(production_stack.environment, "signing_keys", "trust-list")
    assert done.returncode == 0, done.stderr
    assert '"relais-trust-list-1"' in done.stdout


# What it took to connect alone: to start Python takes long on a machine that has other work.
TIMED = """
import time, django
django.setup()
begun = time.monotonic()
try:
    {}
finally:
    print(time.monotonic() - begun)
"""


@pytest.mark.parametrize(
    "connect",
    ["from django.db import connection; connection.connect()", "from tenants import listening; listening.connect()"],
)
def test_database_that_takes_connections_but_says_nothing_is_given_up(production_stack, connect):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://relais_app:x@127.0.0.1:{silent.getsockname()[1]}/relais"
        environment = production_stack.environment | {"RELAIS_DATABASE_URL": url}
        done = run(environment, "-c", TIMED.format(connect))
    assert "timeout expired" in done.stderr
    assert float(done.stdout) < 20


@pytest.mark.parametrize("named", [True, False])
def test_letters_leave_by_the_folder_where_one_is_named(production_stack, tmp_path, named):
    ask = "from core.notices import ports; print(ports.can_print_letters() and ports.letter_printer().probe())"
    environment = production_stack.environment | {"RELAIS_LETTER_FOLDER": str(tmp_path) if named else ""}
    done = run(environment, "-c", f"import django; django.setup(); {ask}")
    assert done.stdout.splitlines()[-1] == str(named), done.stderr
