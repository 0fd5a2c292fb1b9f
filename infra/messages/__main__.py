"""``python -m infra.messages update | compile | check``."""

from __future__ import annotations

import sys
from pathlib import Path

from infra.messages import catalogues

ROOT = Path(__file__).resolve().parents[2]
SHOWN = 20


def main(action: str) -> int:
    """Do one of the three; ``check`` returns 1 and lists what is wrong."""
    if action == "update":
        catalogues.update(ROOT)
    elif action == "compile":
        catalogues.compile_all(ROOT)
    else:
        return _check()
    return 0


def _check() -> int:
    faults = catalogues.list_faults(ROOT)
    lines = [*faults[:SHOWN], f"{len(faults)} faults in the catalogues"] if faults else []
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
