"""The table that ``make run`` prints: addresses, who, and how the demo's cast signs in."""

from __future__ import annotations

import json
from typing import Any

from infra.supervisor.paths import DATA_DIR

# Written by the command that fills the demo: {"sign_ins": [{"address", "who", "sign_in"}]}.
DEMO_FILE = DATA_DIR / "demo.json"
Row = tuple[str, str, str]


def compose(port: int) -> str:
    """Return the table as text; ``{port}`` in the demo's addresses becomes the port."""
    base = f"http://localhost:{port}"
    rows: list[Row] = [("Address", "Who", "Sign-in"), (f"{base}/", "platform: find my caisse", "")]
    rows += [_row(entry, port) for entry in _read_demo().get("sign_ins", [])]
    rows.append((f"{base}/dev/outbox/", "every e-mail, SMS and letter", "none"))
    return f"\n{_draw(rows)}\n\n  Stop with Ctrl-C. Logs: {DATA_DIR / 'logs'}\n"


def _read_demo() -> dict[str, Any]:
    try:
        demo: dict[str, Any] = json.loads(DEMO_FILE.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return demo


def _row(entry: dict[str, str], port: int) -> Row:
    address, who, sign_in = (entry[key].replace("{port}", str(port)) for key in ("address", "who", "sign_in"))
    return address, who, sign_in


def _draw(rows: list[Row]) -> str:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(f"  {line.rstrip()}" for line in lines)
