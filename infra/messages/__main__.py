"""``python -m infra.messages update | compile | check [FOLDER of a theme]``."""

from __future__ import annotations

import sys
from pathlib import Path

import themes
from infra.messages import catalogues

ROOT = Path(__file__).resolve().parents[2]
SHOWN = 20


def main(action: str, folder: str = "") -> int:
    """Do one of the three for one theme, or for the project and every theme with catalogues of its own.

    ``check`` returns 1 and lists what is wrong. A theme begins its own catalogues by an ``update`` that names it.
    """
    roots = [Path(folder).resolve()] if folder else [ROOT, *_themes_apart()]
    if action == "check":
        return _check(roots)
    act = catalogues.update if action == "update" else catalogues.compile_all
    for root in roots:
        act(root)
    return 0


def _themes_apart() -> list[Path]:
    return [place for place in themes.list_folders(themes.__path__) if (place / "locale").is_dir()]


def _check(roots: list[Path]) -> int:
    faults = [fault for root in roots for fault in catalogues.list_faults(root)]
    lines = [*faults[:SHOWN], f"{len(faults)} faults in the catalogues"] if faults else []
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
