"""Making a caisse: steps that can be killed at any moment and taken up again."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from core.kernel import clock
from core.kernel.text import N_
from tenants import addresses, migrating, owning, revisions, roles, template
from tenants.backend.base import EXEMPT_ALIAS
from tenants.errors import ProvisioningInProgress, SlugNotAllowed, SlugTaken
from tenants.models import Caisse, ProvisioningStep
from tenants.naming import is_slug, new_caisse_id, schema_of
from tenants.registration import Job, Request, Step, check_request, registered_steps

if TYPE_CHECKING:
    from collections.abc import Callable

    from tenants.reference import CaisseRef

    Progress = Callable[[Step, int, int], None]

State = Caisse.States


def create_caisse(request: Request, *, progress: Progress = lambda _step, _number, _total: None) -> CaisseRef:
    """Make a caisse, or finish one whose making was interrupted; what is not asked again is as it was then.

    ``progress`` is told each step that is about to run: the step, its number from 1, how many.
    Raises ``SlugNotAllowed``, ``SlugTaken``, ``HostNotAllowed``, ``HostTaken``,
    ``ProvisioningInProgress``, ``PlatformNotReady`` and what the registered checks raise; then
    nothing was made.
    """
    if not is_slug(request.slug):
        raise SlugNotAllowed(slug=request.slug)
    with owning.exclusive(f"relais caisse {request.slug}") as got:
        if not got:
            raise ProvisioningInProgress(slug=request.slug)
        job = _reserve(request)
        _run_steps(job, progress)
    return replace(job.caisse, state="active")


def list_steps() -> list[Step]:
    """Return all steps in the order in which they run."""
    return [
        Step("schema", N_("tables and rights"), _make_schema, notes_itself=True),
        *registered_steps(),
        Step("activate", N_("opening the portal"), _activate, notes_itself=True),
    ]


def _reserve(request: Request) -> Job:
    """Write down slug, addresses and what was asked, in one transaction; nobody is let in yet."""
    template.require_dump()
    with transaction.atomic(using=EXEMPT_ALIAS):
        caisses = Caisse.objects.using(EXEMPT_ALIAS)
        found: Caisse | None = caisses.filter(slug=request.slug).first()
        if found is not None and found.state != State.PROVISIONING:
            raise SlugTaken(slug=request.slug)
        asked = _complete(request, found.request) if found else request
        addresses.check_addresses(asked.hosts)
        check_request(asked)
        row = found or _new_row(asked)
        row.request, row.name = _stored(asked), asked.name or asked.slug
        row.save(using=EXEMPT_ALIAS, force_insert=found is None)
        addresses.write_addresses(row.ref, asked.hosts, using=EXEMPT_ALIAS)
    return Job(row.ref, asked)


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


def _run_steps(job: Job, progress: Progress) -> None:
    done = ProvisioningStep.objects.using(EXEMPT_ALIAS).filter(caisse_id=job.caisse.id)
    names = set(done.values_list("name", flat=True))
    steps = list_steps()
    for number, step in enumerate(steps, start=1):
        if step.name not in names:
            progress(step, number, len(steps))
            step.run(job)
            if not step.notes_itself:
                _mark_done(job, step.name)


def _mark_done(job: Job, name: str) -> None:
    mark = ProvisioningStep(caisse_id=job.caisse.id, name=name, done_at=clock.now())
    ProvisioningStep.objects.using(EXEMPT_ALIAS).bulk_create([mark], ignore_conflicts=True)


def _make_schema(job: Job) -> None:
    """Make role, tables and rights in one transaction: all of it is there, or nothing."""
    caisse, dump = job.caisse, template.get_dump()
    login = getattr(settings, "CAISSE_ROLES_LOGIN", False)
    with transaction.atomic(using=EXEMPT_ALIAS):
        roles.create_caisse_role(owning.raw(), caisse.role, login=login)
        _mark_done(job, "schema")
        rights = migrating.rights_statements(caisse)
        template.replay(owning.become_owner(), dump, caisse.schema, then=rights)


def _activate(job: Job) -> None:
    with transaction.atomic(using=EXEMPT_ALIAS):
        Caisse.objects.using(EXEMPT_ALIAS).filter(pk=job.caisse.id).update(state=State.ACTIVE)
        _mark_done(job, "activate")
        revisions.bump(revisions.HOSTS, using=EXEMPT_ALIAS)
