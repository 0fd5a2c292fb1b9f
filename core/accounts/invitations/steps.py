"""The steps of an enrolment: one list for all; what is known of somebody already counts as done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from core.accounts.invitations.errors import StepTooEarly

if TYPE_CHECKING:
    from core.accounts.models import Activation, User

Step = Literal["begin", "email", "email_code", "names", "password", "mobile", "code", "sign_in"]
STEPS: tuple[Step, ...] = ("begin", "email", "email_code", "names", "password", "mobile", "code", "sign_in")
# The sign-in name of somebody whose own one is her e-mail, before she has given it; and of a company's delegate whose
# own one has her name in it.
WAITING, NAMED_LATER = "waiting:", "delegate:"


def list_done(activation: Activation, *, email_sent: bool, mobile_sent: bool) -> frozenset[Step]:
    """Return the steps that are behind her; the two flags say whether this browser knows of a code on its way."""
    settled = is_email_settled(activation)
    done: dict[Step, bool] = {
        "begin": True,
        "email": settled or bool(activation.email and email_sent),
        "email_code": settled,
        "names": activation.kind == "staff" or activation.named_at is not None,
        "password": bool(activation.password),
        "mobile": bool(activation.mobile and mobile_sent),
    }
    return frozenset(step for step in STEPS if done.get(step))


def next_step(done: frozenset[Step]) -> Step:
    """Return the first step that is not done yet."""
    return next(step for step in STEPS if step not in done)


def check_order(step: Step, done: frozenset[Step]) -> None:
    """Raise ``step_too_early`` where something before is missing; a step that is done may be done again."""
    if not set(STEPS[: STEPS.index(step)]) <= done:
        raise StepTooEarly


def list_repeatable(activation: Activation, done: frozenset[Step]) -> list[Step]:
    """Return the steps behind her that she can go back to and do again."""
    own: list[Step] = ["password"] if activation.kind == "staff" else ["email", "names", "password"]
    if activation.kind != "staff" and activation.way == "mail":
        own.remove("email")
    return [step for step in own if step in done]


def is_email_settled(activation: Activation) -> bool:
    """Whether her address is proven: by a code, since the invitation itself came there, or as she goes without one."""
    return activation.kind == "staff" or activation.way == "mail" or activation.email_confirmed_at is not None


def may_go_without_email(user: User) -> bool:
    """Whether she has a sign-in name that is no e-mail, so that she needs no address at all."""
    return "@" not in user.sign_in_name and not user.sign_in_name.startswith(WAITING)


def is_named_later(user: User) -> bool:
    """Whether she gets her sign-in name with the last step, since her own name stands in it."""
    return user.sign_in_name.startswith(NAMED_LATER)
