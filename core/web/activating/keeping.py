"""What the browser's session keeps of an enrolment: which one, that it was opened here, which codes were sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from core.accounts.invitations.errors import ActivationRefused
from core.accounts.invitations.opening import get_activation
from core.accounts.invitations.steps import list_done
from core.accounts.invitations.tries import SentCode

if TYPE_CHECKING:
    from core.accounts.invitations.steps import Step
    from core.accounts.models import Activation
    from core.web.requests import PortalRequest

# No secret: neither the code of the letter nor one that was sent.
KEY = "activation"
# The sign-in name that the caisse issued, shown with the last step.
DONE = "activation_done"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """An activation that this browser has opened, and the codes that it waits for."""

    row: Activation
    email_sent: SentCode | None
    mobile_sent: SentCode | None

    @property
    def done(self) -> frozenset[Step]:
        """The steps that are behind her, as this browser knows them."""
        email, mobile = self.email_sent is not None, self.mobile_sent is not None
        return list_done(self.row, email_sent=email, mobile_sent=mobile)

    def binding(self, way: str) -> str:
        """Return what ties the next code of this way to the earlier ones, empty before the first."""
        sent = self.email_sent if way == "email" else self.mobile_sent
        return sent.binding if sent else ""

    def keep(self, request: PortalRequest, way: str, sent: SentCode) -> None:
        """Remember a code that is on its way."""
        request.session[KEY] = request.session[KEY] | {way: {"code_id": str(sent.id), "binding": sent.binding}}

    def forget(self, request: PortalRequest, way: str) -> None:
        """Ask anew where the code shall go."""
        request.session[KEY] = {name: value for name, value in request.session[KEY].items() if name != way}

    @staticmethod
    def start(request: PortalRequest, opened: Activation) -> None:
        """Remember that this browser opened it; the session's key changes with that."""
        request.session.pop(DONE, None)
        request.session[KEY] = {"id": str(opened.id), "holder": opened.holder}
        request.session.cycle_key()

    @staticmethod
    def stop(request: PortalRequest) -> None:
        """Remember nothing any more."""
        request.session.pop(KEY, None)
        request.session.pop(DONE, None)


def find_enrolment(request: PortalRequest) -> Enrolment | None:
    """Return what this browser has opened, or None; raises a kind of ``activation_refused`` where it ended."""
    kept = request.session.get(KEY)
    if not kept:
        return None
    try:
        row = get_activation(caisse=request.caisse, activation_id=UUID(kept["id"]), holder=kept.get("holder", ""))
    except ActivationRefused:
        Enrolment.stop(request)
        raise
    return Enrolment(row, _sent(kept.get("email")), _sent(kept.get("mobile")))


def _sent(kept: dict[str, str] | None) -> SentCode | None:
    return SentCode(UUID(kept["code_id"]), kept["binding"]) if kept else None
