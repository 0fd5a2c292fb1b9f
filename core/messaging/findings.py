"""Findings of the last check, and the written reasons that answer them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef

from core.audit.services import record
from core.kernel import clock
from core.kernel.issues import Severity
from core.messaging.errors import ReasonMissing
from core.messaging.models import Finding, Justification

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.db.models import QuerySet

    from core.kernel.actors import Actor
    from core.kernel.issues import Issue
    from core.messaging.models import Message

PAGE = 50


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding with the reason that was given for it, if any."""

    finding: Finding
    reason: Justification | None

    @property
    def is_open(self) -> bool:
        """Whether it still stands in the way of sending."""
        severity = self.finding.severity
        return severity == Severity.BLOCK or (severity == Severity.JUSTIFY and self.reason is None)


def _with_reason(message_id: UUID) -> QuerySet[Any]:
    reasons = Justification.objects.filter(message_id=message_id, code=OuterRef("code"), subject=OuterRef("subject"))
    return Finding.objects.filter(message_id=message_id).annotate(justified=Exists(reasons))


def count_open_findings(message: Message) -> tuple[int, int]:
    """Return how many findings block, and how many still need a reason."""
    found = _with_reason(message.id)
    blocking = found.filter(severity=Severity.BLOCK).count()
    return blocking, found.filter(severity=Severity.JUSTIFY, justified=False).count()


def count_alike(message: Message) -> dict[str, int]:
    """Return by code how many findings still need a reason."""
    found = _with_reason(message.id).filter(severity=Severity.JUSTIFY, justified=False)
    return dict(found.values_list("code").annotate(n=Count("id")).order_by("code"))


def count_by_severity(message: Message) -> dict[str, int]:
    """Return the number of findings per severity, zero included."""
    counted = message.findings.values_list("severity").annotate(n=Count("id"))
    return {str(severity): 0 for severity in Severity} | dict(counted)


def list_findings(
    message: Message, *, after: int = 0, limit: int = PAGE, severity: str | None = None, row_number: int | None = None
) -> list[FindingLine]:
    """Return a page of findings in order of severity and row, each with its reason; two queries."""
    found = message.findings.filter(id__gt=after)
    if severity:
        found = found.filter(severity=severity)
    if row_number is not None:
        found = found.filter(row_number=row_number)
    page = list(found.order_by("id")[:limit])
    reasons = {
        (reason.code, reason.subject): reason
        for reason in Justification.objects.filter(message=message, code__in={finding.code for finding in page})
    }
    return [FindingLine(finding, reasons.get((finding.code, finding.subject))) for finding in page]


def replace_findings(message: Message, issues: Iterable[Issue]) -> None:
    """Put the issues of a new check in place of the old findings, gravest first."""
    message.findings.all().delete()
    order = list(Severity)
    Finding.objects.bulk_create(
        Finding(
            message=message,
            row_number=issue.row,
            field=issue.field or "",
            code=issue.code,
            severity=str(issue.severity),
            params=dict(issue.params),
            subject=subject_of(issue),
        )
        for issue in sorted(issues, key=lambda issue: (order.index(issue.severity), issue.row or 0))
    )


def subject_of(issue: Issue) -> str:
    """Return whom a finding without a row is about, so that one reason answers one finding only.

    A finding on a row is named later by the row's identity; see ``jobs``.
    """
    if issue.row is not None:
        return ""
    named = issue.params.get("subject") or issue.params.get("person") or issue.params.get("name")
    return str(named)[:200] if named else (issue.field or "")


def justify_finding(
    *, actor: Actor, message: Message, finding: Finding, reason: str, alike: bool = False
) -> Justification:
    """Write down why a finding is right as it is; the clerk reads it. Writing again replaces the reason.

    With ``alike`` the same reason is kept for every finding of this code that has none yet.
    """
    text = reason.strip()
    if not text:
        raise ReasonMissing
    who = {"user_id": actor.user_id, "user_name": actor.signature(message.theme)}
    written = {"reason": text, "at": clock.now(), **who}
    justification, _created = Justification.objects.update_or_create(
        message=message, code=finding.code, subject=finding.subject, defaults=written
    )
    if alike:
        others = _with_reason(message.id).filter(code=finding.code, justified=False)
        Justification.objects.bulk_create(
            [
                Justification(message=message, code=finding.code, subject=subject, **written)
                for subject in others.values_list("subject", flat=True).distinct()
            ],
            ignore_conflicts=True,
        )
    record(
        actor=actor,
        action="finding_justified",
        object_type="message",
        object_id=message.id,
        for_party_id=message.party_id,
        data={"rule": finding.code, "alike": alike},
    )
    return justification
