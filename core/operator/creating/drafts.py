"""A draft's order and the wizard's forms: read one from the other, and checked against what the platform knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.configuration.jobs import request_of
from core.kernel.errors import RelaisError
from tenants.addresses import find_holder
from tenants.errors import HostTaken
from tenants.registration import check_request
from tenants.scope import platform_transaction
from tenants.slugs import check_slug_is_free

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tenants.jobs.models import PlatformJob

_PLACE = ("name", "preset", "file", "file_name", "languages", "first_language", "hosts")


def order_of(given: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """Return the order with what the page on the place says, and the rest as it was."""
    return {
        **before,
        "name": given["name"],
        "preset": "" if given["preset"] == "none" else given["preset"],
        "file": given["kept_file"],
        "file_name": given["kept_name"] if given["kept_file"] else "",
        "languages": given["languages"],
        "first_language": given["first_language"],
        "hosts": given["hosts"],
    }


def initial_of(job: PlatformJob) -> dict[str, Any]:
    """Return what the page on the place begins with."""
    order = job.order
    hosts = ["/".join(filter(None, pair)) for pair in order.get("hosts", [])]
    return {
        **{name: order.get(name, "") for name in _PLACE},
        "slug": job.slug,
        "preset": order.get("preset") or "none",
        "hosts": "\n".join(hosts),
        "kept_file": order.get("file", ""),
        "kept_name": order.get("file_name", ""),
    }


def find_faults_of_place(slug: str, hosts: Iterable[Iterable[str]]) -> dict[str, RelaisError]:
    """Return what the platform has against a short name (if there is one) and hosts, by the form's field."""
    faults: dict[str, RelaisError] = {}
    with platform_transaction():
        try:
            if slug:
                check_slug_is_free(slug)
        except RelaisError as error:
            faults["slug"] = error
        for host, prefix in hosts:
            if find_holder(host, prefix):
                faults["hosts"] = HostTaken(host=f"{host}/{prefix}".rstrip("/"))
    return faults


def find_fault(job: PlatformJob) -> RelaisError | None:
    """Return the first thing that stands against making this caisse now; nothing is made by asking."""
    for fault in find_faults_of_place(job.slug, job.order.get("hosts", [])).values():
        return fault
    try:
        check_request(request_of(job.slug, job.order))
    except RelaisError as error:
        return error
    return None
