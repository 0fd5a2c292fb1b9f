"""Making a caisse: steps that can be killed at any moment and taken up again."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from psycopg import sql

from core.kernel import clock
from core.kernel.identifiers import new_id
from core.kernel.text import N_
from tenants import addresses, migrating, owning, revisions, roles, template
from tenants.backend.base import EXEMPT_ALIAS
from tenants.errors import ImportUnfinished, ProvisioningInProgress, SlugTaken
from tenants.models import Caisse, ProvisioningStep
from tenants.naming import new_caisse_id, schema_of
from tenants.registration import (
    Job,
    Request,
    Step,
    check_request,
    check_slug_is_not_kept,
    describe_request,
    registered_steps,
)
from tenants.slugs import check_slug

if TYPE_CHECKING:
    from collections.abc import Callable

    from tenants.reference import CaisseRef

    Progress = Callable[[Step, int, int], None]

State = Caisse.States
IMPORT = "import"
_KEPT = frozenset({"job", IMPORT})


def create_caisse(request: Request, *, progress: Progress = lambda _step, _number, _total: None) -> CaisseRef:
    """Make a caisse, or finish one whose making was interrupted; what is not asked again is as it was then.

    ``progress`` is told each step that is about to run: the step, its number from 1, how many.
    Raises ``SlugNotAllowed``, ``SlugTaken``, ``HostNotAllowed``, ``HostTaken``,
    ``ProvisioningInProgress``, ``PlatformNotReady`` and what the registered checks raise; then
    nothing was made.
    """
    check_slug(request.slug)
    check_slug_is_not_kept(request.slug)
    with owning.exclusive(f"relais caisse {request.slug}") as got:
        if not got:
            raise ProvisioningInProgress(slug=request.slug)
        job, done = _reserve(request)
        _run_steps(job, done, progress)
    return replace(job.caisse, state="active")


def list_steps() -> list[Step]:
    """Return all steps in the order in which they run."""
    return [
        Step("schema", N_("tables and rights"), make_schema, notes_itself=True),
        *registered_steps(),
        Step("activate", N_("opening the portal"), activate, notes_itself=True),
    ]


def _reserve(request: Request) -> tuple[Job, set[str]]:
    """Write down slug, addresses and what was asked, in one transaction; nobody is let in yet.

    Returns also the names of the steps that an interrupted run has done.
    """
    dump = template.get_dump()
    with transaction.atomic(using=EXEMPT_ALIAS):
        caisses = Caisse.objects.using(EXEMPT_ALIAS)
        found: Caisse | None = caisses.filter(slug=request.slug).first()
        is_complete = found is not None and found.state != State.PROVISIONING
        if is_complete or (not found and addresses.is_slug_shared(request.slug, using=EXEMPT_ALIAS)):
            raise SlugTaken(slug=request.slug)
        if found is not None and is_import(found):
            raise ImportUnfinished(slug=request.slug)
        asked = _complete(request, found.request) if found else request
        addresses.check_addresses(asked.hosts)
        check_request(asked)
        row = found or _new_row(asked)
        row.request = _stored(asked)
        for name, value in asdict(describe_request(asked)).items():
            setattr(row, name, value)
        row.save(using=EXEMPT_ALIAS, force_insert=found is None)
        if found or asked.hosts:
            addresses.write_addresses(row.ref, asked.hosts, using=EXEMPT_ALIAS)
    return Job(row.ref, asked, dump), _list_done(row) if found else set()


def is_import(row: Caisse) -> bool:
    """Whether the caisse is being filled from an export, so that no step of the making fits it."""
    return bool(row.request.get("options", {}).get(IMPORT))


def reserve_for_import(request: Request) -> Job:
    """Write down a caisse that an export will fill; nobody is let in. Under the slug's lock.

    Raises ``SlugNotAllowed``, ``SlugTaken``, ``HostNotAllowed``, ``HostTaken`` and what the checks raise.
    """
    check_slug(request.slug)
    check_slug_is_not_kept(request.slug)
    asked = replace(request, options={**request.options, IMPORT: True})
    dump = template.get_dump()
    with transaction.atomic(using=EXEMPT_ALIAS):
        taken = Caisse.objects.using(EXEMPT_ALIAS).filter(slug=request.slug).exists()
        if taken or addresses.is_slug_shared(request.slug, using=EXEMPT_ALIAS):
            raise SlugTaken(slug=request.slug)
        addresses.check_addresses(asked.hosts)
        check_request(asked)
        row = _new_row(asked)
        row.request, row.name = _stored(asked), asked.name or asked.slug
        row.save(using=EXEMPT_ALIAS, force_insert=True)
        addresses.write_addresses(row.ref, asked.hosts, using=EXEMPT_ALIAS)
    return Job(row.ref, asked, dump)


def _complete(request: Request, stored: dict[str, Any]) -> Request:
    """Return the request with what an interrupted run was asked and this one was not."""
    given = {name: value for name, value in request.options.items() if value}
    return Request(
        slug=request.slug,
        name=request.name or stored["name"],
        hosts=request.hosts or tuple((host, prefix) for host, prefix in stored["hosts"]),
        options={**stored["options"], **given},
    )


def _new_row(request: Request) -> Caisse:
    caisse_id = new_caisse_id()
    return Caisse(id=caisse_id, schema_name=schema_of(caisse_id), slug=request.slug, created_at=clock.now())


def _stored(request: Request) -> dict[str, Any]:
    return {**asdict(request), "hosts": [list(one) for one in request.hosts]}


def _list_done(row: Caisse) -> set[str]:
    done = ProvisioningStep.objects.using(EXEMPT_ALIAS).filter(caisse_id=row.id)
    return set(done.values_list("name", flat=True))


def _run_steps(job: Job, done: set[str], progress: Progress) -> None:
    steps = list_steps()
    for number, step in enumerate(steps, start=1):
        if step.name not in done:
            progress(step, number, len(steps))
            step.run(job)
            if not step.notes_itself:
                owning.raw().execute(_mark(job, step.name))


def _mark(job: Job, name: str) -> sql.Composed:
    """Return the SQL that writes down that a step is done; part of a longer text where it can be."""
    values = [sql.Literal(value) for value in (new_id(), job.caisse.id, name, clock.now())]
    return sql.SQL(
        "INSERT INTO platform.tenants_provisioningstep (id, caisse_id, name, done_at)"
        " VALUES ({}) ON CONFLICT DO NOTHING"
    ).format(sql.SQL(", ").join(values))


def make_schema(job: Job) -> None:
    """Make role, tables and rights in one transaction: all of it is there, or nothing."""
    caisse, dump = job.caisse, job.template or template.get_dump()
    login = getattr(settings, "CAISSE_ROLES_LOGIN", False)
    with transaction.atomic(using=EXEMPT_ALIAS):
        roles.create_caisse_role(owning.raw(), caisse.role, login=login)
        then = sql.SQL(";").join([migrating.rights_statements(caisse), _mark(job, "schema")])
        template.replay(owning.become_owner(), dump, caisse.schema, then=then)


def activate(job: Job) -> None:
    """Open the portal, in one transaction with the note that it is done.

    What was asked for is forgotten with it, files and persons too, but for which job asked.
    """
    opened = sql.SQL("UPDATE platform.tenants_caisse SET state = {}, request = {} WHERE id = {}")
    kept = {"options": {name: one for name, one in job.request.options.items() if name in _KEPT}}
    with transaction.atomic(using=EXEMPT_ALIAS):
        statement = opened.format(*map(sql.Literal, (str(State.ACTIVE), json.dumps(kept), job.caisse.id)))
        owning.raw().execute(sql.SQL(";").join([statement, _mark(job, "activate")]))
        revisions.bump(revisions.HOSTS, using=EXEMPT_ALIAS)
