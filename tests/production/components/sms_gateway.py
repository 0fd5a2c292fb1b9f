"""An SMS gateway over HTTP in this process that keeps what it receives."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.production.components.base import Component

TOKEN = "gateway-token"


class SmsGateway(Component):
    """Answers 202 to the right token, 401 to another."""

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.received: list[dict[str, str]] = []
        self.server: ThreadingHTTPServer | None = None

    def launch(self) -> None:
        received = self.received

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                known = self.headers.get("Authorization") == f"Bearer {TOKEN}"
                if known:
                    received.append(json.loads(body))
                self.send_response(202 if known else 401)
                self.end_headers()

            def log_message(self, *_arguments: object) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        if self.server:
            self.server.shutdown()
            self.server.server_close()

    @property
    def environment(self) -> dict[str, str]:
        return {"RELAIS_SMS_URL": f"http://127.0.0.1:{self.port}/messages", "RELAIS_SMS_TOKEN": TOKEN}
