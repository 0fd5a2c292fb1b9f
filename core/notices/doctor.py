"""What this room looks at for all caisses: whether e-mails, SMS and letters can leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.kernel.text import N_
from core.notices import ports
from tenants import doctor
from tenants.doctor import Finding, PlatformCheck

if TYPE_CHECKING:
    from collections.abc import Callable


def register() -> None:
    """Add the checks of this room."""
    doctor.register(
        PlatformCheck("mail", N_("E-mail"), lambda: _look(lambda: ports.mail_sender().probe())),
        PlatformCheck("sms", N_("SMS"), lambda: _look(lambda: ports.sms_sender().probe())),
        PlatformCheck("letters", N_("Letters"), lambda: _look(lambda: ports.letter_printer().probe())),
    )


def _look(probe: Callable[[], bool]) -> Finding:
    """Try the port; what it throws is a neighbour that cannot be reached, or a port that nobody bound."""
    try:
        leaves = probe()
    except ports.PortUnbound:
        return Finding("bad", N_("Nothing is set up that would send them."), N_("Set it up as docs/operator says."))
    except Exception as error:  # noqa: BLE001 -- libraries throw what they like; the kind of error is the finding
        advice = N_("Check address, name and password of the server; what waits leaves as soon as it answers.")
        return Finding("bad", N_("The server cannot be reached: %(error)s."), advice, {"error": type(error).__name__})
    if leaves:
        return Finding("ok", N_("The server answers."))
    return Finding("warning", N_("They stay on this machine, under /dev/outbox/."), N_("Right for trying out only."))
