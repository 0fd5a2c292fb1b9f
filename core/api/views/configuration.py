"""The caisse's configuration by REST: sections with their schema, one to read or to put, and its history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from core.api import inputs, schemas
from core.api.base import ApiView
from core.configuration import configuration, history
from core.configuration.putting import put_section
from core.configuration.registry import find_section, list_sections
from core.configuration.schemas import describe_section
from core.kernel.errors import NotFound, NotPermitted

if TYPE_CHECKING:
    from rest_framework.request import Request

    from core.api.base import Answer
    from core.configuration.configuration import Loaded
    from core.configuration.history import HistoryLine
    from core.configuration.registry import Section


class ConfigurationView(ApiView):
    """What administrators and auditors of the caisse reach; for other programs it does not exist."""

    for_desk = True
    roles: ClassVar[frozenset[str]] = frozenset({"administrator", "auditor"})


class SectionsView(ConfigurationView):
    """All sections."""

    @extend_schema(operation_id="configuration_list_sections", responses=schemas.SectionSummary(many=True))
    def get(self, request: Request) -> Response:
        """Return every section with its JSON schema and the version in force, 0 for one that was never set."""
        del request
        loaded = configuration.load(self.caisse)
        return Response([_summary(kind, loaded) for kind in list_sections()])


class SectionView(ConfigurationView):
    """One section."""

    @extend_schema(operation_id="configuration_get_section", responses=schemas.ConfigurationSection)
    def get(self, request: Request, key: str) -> Response:
        """Return a section as it is in force. ``(set)`` stands for a secret, and keeps it when it is put back."""
        del request
        kind = _find(key)
        return Response(_section(kind, configuration.load(self.caisse)))

    @extend_schema(
        operation_id="configuration_put_section", request=schemas.PutSection, responses=schemas.PutSectionResult
    )
    def put(self, request: Request, key: str) -> Response:
        """Let a section hold as given, as a whole: what is left out takes its default.

        With ``dry_run`` nothing changes, and ``changes`` says in words what would.
        """
        kind, wanted = _find(key), inputs.read(inputs.PutSection, request.data)
        if "administrator" not in self.actor.roles:
            raise NotPermitted

        def work() -> Answer:
            put = put_section(
                actor=self.actor,
                kind=kind,
                value=wanted.value,
                expected=wanted.expected_version,
                begins=wanted.effective_from,
                reason=wanted.reason,
                dry_run=wanted.dry_run,
            )
            return 200, {
                "key": kind.key,
                "version": put.version,
                "changes": list(put.changes),
                "effective_from": put.begins.isoformat() if put.begins else None,
                "applied": put.applied,
            }

        return self.mutate(request, work)


class SectionHistoryView(ConfigurationView):
    """The history of a section."""

    @extend_schema(operation_id="configuration_list_history", responses=schemas.SectionVersion(many=True))
    def get(self, request: Request, key: str) -> Response:
        """Return every version, newest first: who, when, why, from when, and what it changed in words."""
        del request
        kind = _find(key)
        return Response(self.read(lambda: [_line(one) for one in history.list_history(kind)]))


def _find(key: str) -> type[Section]:
    kind = find_section(key)
    if kind is None:
        raise NotFound
    return kind


def _summary(kind: type[Section], loaded: Loaded) -> dict[str, Any]:
    return {
        "key": kind.key,
        "title": gettext(kind.title),
        "help": gettext(kind.help),
        "group": gettext(kind.group),
        "version": loaded.versions.get(kind.key, 0),
        "schema": describe_section(kind),
    }


def _section(kind: type[Section], loaded: Loaded) -> dict[str, Any]:
    value = loaded.sections[kind.key].model_dump(mode="json")
    return {"key": kind.key, "version": loaded.versions.get(kind.key, 0), "value": value}


def _line(line: HistoryLine) -> dict[str, Any]:
    row = line.version
    return {
        "version": row.version,
        "state": line.state,
        "effective_from": row.effective_from.isoformat(),
        "made_at": row.made_at.isoformat(),
        "made_by": row.made_by_name,
        "reason": row.reason,
        "changes": list(line.changes),
        "cancelled_by": line.cancelled.made_by_name if line.cancelled else None,
    }
