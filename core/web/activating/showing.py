"""What the pages of an activation show at each step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext

from core.accounts.invitations import agreeing, joining, tries
from core.accounts.invitations.activation import as_named
from core.accounts.invitations.steps import STEPS, list_repeatable, may_go_without_email, next_step
from core.accounts.names import show_name
from core.accounts.passwords import AS_A_RULE, PasswordClasses
from core.accounts.phones import mask_mail, mask_mobile, mask_name
from core.accounts.policy import caisse_language, sign_in_policy
from core.configuration import configuration
from core.configuration.sections import LanguagesSection
from core.kernel.text import N_
from core.terms.differences import show_whole
from core.web.first_factor import describe_choice
from core.web.languages import NATIVE_NAMES
from core.web.views.desk_case import in_words
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.accounts.invitations.steps import Step
    from core.accounts.models import Activation
    from core.kernel.errors import RelaisError
    from core.web.activating.keeping import Enrolment
    from core.web.requests import PortalRequest

_WITHOUT_TERMS = N_("You and your language")
LABELS: dict[Step, str] = {
    "begin": N_("Code from the letter"),
    "email": N_("E-mail address"),
    "email_code": N_("Code by e-mail"),
    "names": N_("You and the terms"),
    "password": N_("Password"),
    "mobile": N_("Mobile number"),
    "code": N_("Code by SMS"),
    "sign_in": N_("Sign-in"),
}


def show_code_page(request: PortalRequest, error: RelaisError | None = None) -> HttpResponse:
    """Ask for the code, with what went wrong before."""
    context = {**_place("begin", frozenset()), "refusal": in_words(error) if error else ""}
    return render(request, "web/activate/begin.html", context, status=error.status if error else 200)


def show_step(
    request: PortalRequest, found: Enrolment, *, error: RelaisError | None = None, wanted: str = ""
) -> HttpResponse:
    """Show a step: the one ``wanted`` where it can be done now, else the next."""
    done = found.done
    reachable = {next_step(done), *list_repeatable(found.row, done)}
    step = next((one for one in STEPS if one == wanted and one in reachable), next_step(done))
    row = found.row
    context: dict[str, Any] = {
        **_place(step, done),
        "back": _step_before(step, list_repeatable(row, done)),
        "name": mask_name(row.user.name),
        "mail": mask_mail(row.email or row.user.sign_in_name),
        "is_staff": row.kind == "staff",
        "minutes": sign_in_policy(request.caisse).code_minutes,
        "refusal": in_words(error) if error else "",
        **_DETAILS.get(step, _nothing)(request, found),
    }
    return render(request, f"web/activate/{step}.html", context, status=error.status if error else 200)


def show_done(request: PortalRequest, name: str) -> HttpResponse:
    """Show the name that the caisse issued, with which she signs in from now on."""
    done = frozenset(STEPS[:-1])
    return render(request, "web/activate/sign_in.html", _place("sign_in", done) | {"sign_in_name": show_name(name)})


def _place(step: Step, done: frozenset[Step]) -> dict[str, Any]:
    listed = [{"key": one, "label": gettext(LABELS[one]), "done": one in done} for one in STEPS]
    number = STEPS.index(step) + 1
    return {"step": step, "steps": listed, "label": gettext(LABELS[step]), "number": number, "total": len(STEPS)}


def _step_before(step: Step, repeatable: list[Step]) -> str:
    earlier = [one for one in repeatable if STEPS.index(one) < STEPS.index(step)]
    return earlier[-1] if earlier else ""


def _nothing(_request: PortalRequest, _found: Enrolment) -> dict[str, Any]:
    return {}


def _about_email(request: PortalRequest, found: Enrolment) -> dict[str, Any]:
    return {
        "typed": request.POST.get("email", found.row.email),
        "may_go_without": may_go_without_email(found.row.user),
        "may_join": joining.may_join(found.row),
    }


def _about_email_code(request: PortalRequest, found: Enrolment) -> dict[str, Any]:
    sent = found.email_sent
    return {"tries_left": tries.count_tries_left(caisse=request.caisse, sent=sent) if sent else 0}


def _about_names(request: PortalRequest, found: Enrolment) -> dict[str, Any]:
    row, spoken = found.row, get_language() or ""
    with tenant_transaction(request.caisse):
        terms = agreeing.find_terms(
            caisse=request.caisse, user=row.user, language=caisse_language(request.caisse, spoken)
        )
    languages = configuration.get(request.caisse, LanguagesSection).languages
    label = LABELS["names"] if terms else _WITHOUT_TERMS
    return {
        "label": gettext(label),
        "given_name": request.POST.get("given_name", row.given_name),
        "family_name": request.POST.get("family_name", row.family_name),
        "languages": [(code, NATIVE_NAMES.get(code, code)) for code in languages],
        "chosen": request.POST.get("language") or row.language or caisse_language(request.caisse, spoken),
        # Who came by a mail was asked for no address, and so not whether she has an account.
        "may_join": row.way == "mail" and joining.may_join(row),
        "terms": terms,
        "whole": show_whole(terms.body) if terms else [],
        "agreed": _has_agreed(request, row, terms),
    }


def _has_agreed(request: PortalRequest, row: Activation, terms: agreeing.Agreement | None) -> bool:
    if terms is None:
        return False
    return terms.sha256 in {request.POST.get("terms"), row.agreed.get("sha256")}


def _about_password(request: PortalRequest, _found: Enrolment) -> dict[str, Any]:
    policy = sign_in_policy(request.caisse)
    classes = in_words(PasswordClasses()) if policy.password_classes == AS_A_RULE else ""
    return {"shortest": policy.password_length, "classes": classes}


def _about_mobile(request: PortalRequest, found: Enrolment) -> dict[str, Any]:
    return {
        "set_up_at": reverse("activate_factor"),
        "challenge_at": reverse("activate_factor_challenge"),
        "choose_at": f"{reverse('activate')}?step=mobile&",
        "activates": True,
        **describe_choice(request, as_named(found.row)),
    }


def _about_code(request: PortalRequest, found: Enrolment) -> dict[str, Any]:
    sent = found.mobile_sent
    return {
        "mobile": mask_mobile(found.row.mobile),
        "tries_left": tries.count_tries_left(caisse=request.caisse, sent=sent) if sent else 0,
    }


_DETAILS = {
    "email": _about_email,
    "email_code": _about_email_code,
    "names": _about_names,
    "password": _about_password,
    "mobile": _about_mobile,
    "code": _about_code,
}
