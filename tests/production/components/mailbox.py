"""An SMTP server that keeps what it receives; run as a program by the component of the same name."""

from __future__ import annotations

import signal
import sys
from email import message_from_bytes, policy
from pathlib import Path
from typing import TYPE_CHECKING

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from tests.production.components.base import PATIENCE_SECONDS, Component

if TYPE_CHECKING:
    from email.message import EmailMessage

USER, PASSWORD = "relais", "post"
ROOT = Path(__file__).parents[3]


class Mailbox(Component):
    """Accepts mail with a password; refuses recipients at ``refused.example`` for good."""

    def launch(self) -> None:
        (self.folder / "mail").mkdir(exist_ok=True)
        self.spawn(sys.executable, "-m", __name__, self.folder / "mail", self.port, cwd=ROOT)

    @property
    def received(self) -> list[EmailMessage]:
        """The messages in the order of their arrival."""
        files = sorted((self.folder / "mail").glob("*.eml"))
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]

    @property
    def environment(self) -> dict[str, str]:
        return {
            "RELAIS_SMTP_URL": f"smtp://{USER}:{PASSWORD}@127.0.0.1:{self.port}",
            "RELAIS_MAIL_FROM": "portal@relais.test",
        }


class Keeper:
    """Writes each message to a file of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.count = folder, 0

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        if address.endswith("@refused.example"):
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        self.count += 1
        draft = self.folder / "draft"
        draft.write_bytes(envelope.content)
        draft.rename(self.folder / f"{self.count:06}.eml")
        return "250 OK"


def _authenticate(server, session, envelope, mechanism, data) -> AuthResult:
    accepted = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=accepted)


def main() -> None:
    """Serve until told to end."""
    controller = Controller(
        Keeper(Path(sys.argv[1])), hostname="127.0.0.1", port=int(sys.argv[2]), authenticator=_authenticate,
        auth_required=True, auth_require_tls=False, ready_timeout=PATIENCE_SECONDS,
    )  # fmt: skip
    controller.start()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    controller.stop()


if __name__ == "__main__":
    main()
