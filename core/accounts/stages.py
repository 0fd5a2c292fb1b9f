"""The stages of a sign-in after the password, in allauth's mechanism; rooms register theirs here."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any
from uuid import UUID

from allauth.account.internal.flows.login import record_authentication
from allauth.account.stages import LoginStage
from django.http import HttpResponseRedirect
from django.urls import reverse

from core.accounts import codes, limiter
from core.accounts.errors import CodeSpent, CodeWrong, NoSecondFactor, SignInLocked
from core.accounts.levels import SMS_CODE
from core.accounts.limits import CODE_SENT_BY_ACCOUNT, CODE_TRIED_BY_ACCOUNT
from core.accounts.phones import mask_mobile
from core.accounts.policy import list_factors, sign_in_policy
from core.accounts.texts import SIGN_IN_CODE
from core.audit.services import record
from core.kernel.actors import Actor
from core.notices.services import send_sms
from tenants.scope import tenant_transaction

if TYPE_CHECKING:
    from django.http import HttpResponse

    from core.accounts.models import User
    from core.configuration.sections import SignInSection
    from tenants.scope import CaisseRef

_stages: list[tuple[int, str]] = []


def register(path: str, order: int) -> None:
    """Add a stage by its dotted path; lower orders come first; repeating it is harmless."""
    if (order, path) not in _stages:
        _stages.append((order, path))
        _stages.sort()


def list_stages() -> list[str]:
    """Return the dotted paths in order."""
    return [path for _order, path in _stages]


class SmsCodeStage(LoginStage):  # type: ignore[misc]  # untyped library
    """A six-digit code by SMS; made when the stage is entered, checked by the page.

    What the page needs between requests lies in ``state``, which allauth keeps in the session:
    the code's id and the random value that binds it to this sign-in, never the code itself.
    """

    key = "sms_code"
    urlname = "sign_in_code"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Send a code and lead to its page; pass on where the caisse lets a password alone suffice."""
        if not self.user.mobile or "sms" not in list_factors(self.policy):
            if self.policy.password_alone:
                return None, True
            raise NoSecondFactor
        self.send_code()
        return HttpResponseRedirect(reverse(self.urlname)), True

    @property
    def caisse(self) -> CaisseRef:
        """The caisse at which somebody signs in."""
        caisse: CaisseRef = self.request.caisse
        return caisse

    @property
    def policy(self) -> SignInSection:
        """How people sign in here."""
        return sign_in_policy(self.caisse)

    @property
    def user(self) -> User:
        """Who signs in; the password was right."""
        user: User = self.login.user
        return user

    @property
    def masked_mobile(self) -> str:
        """The number as the page may show it."""
        return mask_mobile(self.user.mobile)

    def send_code(self) -> None:
        """Make a code and put it into the outbox; earlier ones stop working.

        Raises ``SignInLocked`` when too many were asked for, ``SmsBudgetSpent``,
        ``SmsNumberNotServed``; the count of those asked for commits either way.
        """
        with tenant_transaction(self.caisse):
            verdict = limiter.take(CODE_SENT_BY_ACCOUNT, str(self.user.id))
        if not verdict.allowed:
            raise SignInLocked(minutes=verdict.wait_minutes)
        policy = self.policy
        binding = self.state.setdefault("binding", secrets.token_hex(16))
        with tenant_transaction(self.caisse):
            issued = codes.issue_code(
                purpose="sign_in",
                user_id=self.user.id,
                binding=binding,
                minutes=policy.code_minutes,
                max_tries=policy.code_tries,
            )
            fields = {"code": issued.code, "minutes": str(policy.code_minutes)}
            send_sms(
                notice=SIGN_IN_CODE,
                to=self.user.mobile,
                language=self.user.language,
                fields=fields,
                good_until=issued.expires_at,
            )
            self._record("code_sent")
        self.state["code_id"] = str(issued.id)
        self.state["sent"] = self.state.get("sent", 0) + 1

    def check_code(self, typed: str) -> None:
        """Evaluate one try, committed before this returns or raises.

        Raises ``CodeWrong`` with the tries left, ``CodeSpent``, or ``SignInLocked``.
        """
        with tenant_transaction(self.caisse):
            verdict = limiter.take(CODE_TRIED_BY_ACCOUNT, str(self.user.id))
            check = self._evaluate(typed) if verdict.allowed else codes.CodeCheck("spent")
            if check.outcome == "accepted":
                limiter.give_back(CODE_TRIED_BY_ACCOUNT, str(self.user.id))
                for _ in range(self.state.get("sent", 0)):
                    limiter.give_back(CODE_SENT_BY_ACCOUNT, str(self.user.id))
            else:
                self._record("code_refused", outcome=check.outcome)
        if not verdict.allowed:
            raise SignInLocked(minutes=verdict.wait_minutes)
        if check.outcome == "wrong":
            raise CodeWrong(tries=check.tries_left)
        if check.outcome != "accepted":
            raise CodeSpent
        record_authentication(self.request, self.user, method=SMS_CODE)

    def count_tries_left(self) -> int:
        """Return how often the code that was sent may still be tried; 0 once it counts no more."""
        with tenant_transaction(self.caisse):
            return codes.count_tries_left(UUID(self.state["code_id"]))

    def _evaluate(self, typed: str) -> codes.CodeCheck:
        return codes.check_code(
            code_id=UUID(self.state["code_id"]),
            purpose="sign_in",
            binding=self.state["binding"],
            typed=codes.clean_code(typed),
        )

    def _record(self, action: str, **data: Any) -> None:
        actor = Actor(kind="party", name=self.user.name, user_id=self.user.id)
        record(actor=actor, action=action, object_type="user", object_id=self.user.id, data=data)


register("core.accounts.stages.SmsCodeStage", order=50)
