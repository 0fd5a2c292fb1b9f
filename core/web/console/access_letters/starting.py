"""Starting a campaign: who, with which text, in which print; looked at before a single code is made."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods

from core.accounts.invitations.codes import VALID_DAYS
from core.accounts.policy import caisse_language
from core.catalogue import offers
from core.intake.workbooks.paste import parse_paste
from core.kernel import clock
from core.kernel.errors import Conflict, InvalidInput
from core.kernel.text import N_
from core.letters import sheets
from core.letters.choosing import Selection, choose_parties, clean_kinds, clean_numbers
from core.letters.errors import NumbersMissing
from core.letters.models import PRINTS
from core.letters.numbers import read_numbers
from core.letters.services import access_campaign, start_campaign
from core.letters.texts import BY_KIND, REMINDER, VARIANTS, choose_notice
from core.web.console.access_letters.wording import KINDS, SIZES, list_variants
from core.web.context import theme_name
from core.web.policies import administrator, console, recent
from core.web.views.desk_case import in_words
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from core.kernel.actors import Actor
    from core.kernel.errors import RelaisError
    from core.letters.choosing import Chosen
    from core.web.requests import PortalRequest

NUMBERS = "numbers"
SAMPLE_NAME, SAMPLE_CODE, SAMPLE_REFERENCE = N_("Alex Example"), "XXXX XXXX XXXX", "7K2M9QX4T"
_SAMPLE_ADDRESS = ("Rue de l’Exemple 1", "1700 Fribourg")


@console
@require_http_methods(["GET", "POST"])
@administrator
@recent
def new(request: PortalRequest, actor: Actor) -> HttpResponse:
    """Choose and look; the second button starts."""
    if request.method != "POST":
        return _page(request, actor)
    chosen: Chosen | None = None
    try:
        typed = _read_numbers(request)
        selection = _read_selection(request, actor, typed)
        if "start" in request.POST:
            return _start(request, actor, selection)
        with tenant_transaction(request.caisse):
            chosen = choose_parties(selection)
    except (InvalidInput, Conflict) as error:
        return _page(request, actor, error=error)
    return _page(request, actor, chosen=chosen, typed=typed)


def _start(request: PortalRequest, actor: Actor, selection: Selection) -> HttpResponse:
    with tenant_transaction(request.caisse):
        started = start_campaign(
            actor=actor,
            name=request.POST.get("name", ""),
            selection=selection,
            text=request.POST.get("text", BY_KIND),
            size=request.POST.get("size", "normal"),
        )
    return redirect("console_access_letters_one", campaign_id=started.id)


def _read_numbers(request: PortalRequest) -> tuple[str, ...]:
    """Return the numbers typed, pasted or brought in a workbook."""
    pasted = [row[0] for row in parse_paste(request.POST.get("numbers", ""), limit=20_000) if row]
    file = request.FILES.get("file")
    return clean_numbers([*pasted, *(read_numbers(file) if file else [])])


def _read_selection(request: PortalRequest, actor: Actor, numbers: tuple[str, ...]) -> Selection:
    posted = request.POST
    again = "again" in posted
    if earlier := _read_id(posted.get("reminder_of", "")):
        with tenant_transaction(request.caisse):
            access_campaign(actor, earlier)
        return Selection(reminder_of=earlier, again=True)
    if posted.get("who") == NUMBERS:
        if not numbers:
            raise NumbersMissing
        return Selection(numbers=numbers, again=again)
    return Selection(kinds=clean_kinds(posted.getlist("kind")) or ("none",), theme=posted.get("theme", ""), again=again)


def _read_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _page(
    request: PortalRequest,
    actor: Actor,
    *,
    chosen: Chosen | None = None,
    typed: tuple[str, ...] = (),
    error: RelaisError | None = None,
) -> HttpResponse:
    posted = request.POST
    earlier = _read_id(posted.get("reminder_of", "") or request.GET.get("reminder_of", ""))
    reminded = None
    if earlier:
        with tenant_transaction(request.caisse):
            reminded = access_campaign(actor, earlier)
    kinds = posted.getlist("kind") if posted else ["insured"]
    context: dict[str, Any] = {
        "reminded": reminded,
        "name": posted.get("name", "") or (gettext("Reminder: %(name)s") % {"name": reminded.name} if reminded else ""),
        "who": posted.get("who", "kinds"),
        "kinds": [(kind, gettext(label), kind in kinds) for kind, label in KINDS.items()],
        "themes": [(one.slug, theme_name(request.caisse, one)) for one in offers.list_open_themes(request.caisse)],
        "theme": posted.get("theme", ""),
        "numbers": "\n".join(typed) if typed else posted.get("numbers", ""),
        "again": "again" in posted,
        "texts": list_variants(),
        "text": posted.get("text") or (REMINDER.code if reminded else BY_KIND),
        "sizes": [(size, gettext(label)) for size, label in SIZES.items()],
        "size": posted.get("size", "normal"),
        "sample_kind": "insured" if not posted or "insured" in kinds else next(iter(kinds), "employer"),
        "chosen": chosen,
        "unknown": chosen.unknown[:20] if chosen else (),
        "refusal": in_words(error) if error else "",
    }
    return render(request, "web/console/access_letters/new.html", context, status=error.status if error else 200)


@console
@require_GET
def sample(request: PortalRequest, _actor: Actor) -> HttpResponse:
    """Return a picture of a letter to nobody, with a code that opens nothing."""
    wanted = request.GET
    text = wanted.get("text", "")
    language = caisse_language(request.caisse, wanted.get("language") or get_language() or "")
    name = gettext(SAMPLE_NAME)
    sheet = sheets.Sheet(
        address=(name, *_SAMPLE_ADDRESS),
        name=name,
        reference=SAMPLE_REFERENCE,
        code=SAMPLE_CODE,
        language=language,
        notice=choose_notice(text if text in VARIANTS else BY_KIND, wanted.get("kind", "insured")),
        until=clock.now() + timedelta(days=VALID_DAYS),
    )
    size = wanted.get("size", "normal")
    data = sheets.describe(request.caisse, [sheet], size if size in PRINTS else "normal")
    return HttpResponse(sheets.render_picture(data), content_type="image/png", headers={"Cache-Control": "no-store"})
