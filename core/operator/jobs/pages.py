"""How the page of a job of each kind looks: higher parts of the console add theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.kernel.text import N_, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tenants.jobs.models import PlatformJob


def _nothing(_job: PlatformJob) -> dict[str, Any]:
    return {}


def _no_steps() -> list[Text]:
    return []


def _nowhere(_job: PlatformJob) -> str:
    return ""


def _always(_job: PlatformJob) -> bool:
    return True


def _no_trace(_job: PlatformJob) -> None:
    """Most jobs have nothing outside of their row before they begin."""


@dataclass(frozen=True, slots=True)
class JobPage:
    """``title`` has ``%(slug)s``. ``done_template`` shows the result, given ``read(job)``, outside any scope.

    ``list_steps`` names the steps where they are known beforehand. ``draft_url`` is where a draft is
    put together; posting to ``correct_url`` turns a failed job, of which nothing was begun, back into one.

    ``may_go_on`` says whether a failed job can be taken up again, ``again_url`` where it is asked for anew otherwise.
    ``forget`` is called outside any scope when one was cancelled before it began; it may raise ``StoreUnavailable``.
    ``elsewhere_url`` names the page where this kind is cancelled instead of on its own.
    """

    kind: str
    title: Text
    done_template: str = ""
    read: Callable[[PlatformJob], Mapping[str, Any]] = _nothing
    list_steps: Callable[[], list[Text]] = _no_steps
    draft_url: Callable[[PlatformJob], str] = _nowhere
    correct_url: Callable[[PlatformJob], str] = _nowhere
    may_go_on: Callable[[PlatformJob], bool] = _always
    again_url: Callable[[PlatformJob], str] = _nowhere
    forget: Callable[[PlatformJob], None] = _no_trace
    elsewhere_url: Callable[[PlatformJob], str] = _nowhere


_pages: dict[str, JobPage] = {}


def add_job_page(page: JobPage) -> None:
    """Add the page of a kind."""
    if _pages.setdefault(page.kind, page) != page:
        message = f"the job {page.kind!r} has two pages"
        raise ValueError(message)


def page_of(job: PlatformJob) -> JobPage:
    """Return the page of a job's kind; one that nobody described is shown plainly."""
    return _pages.get(job.kind) or JobPage(job.kind, N_("Work on the caisse %(slug)s"))
