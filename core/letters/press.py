"""The process that sets letters: data as JSON on its input, the PDF on its output; what typst keeps ends with it.

Run as ``python -m core.letters.press``. It knows neither Django nor a password, and writes no file.
"""

from __future__ import annotations

import sys
from pathlib import Path

import typst

TEMPLATE = Path(__file__).parent / "templates" / "activation.typ"


def make_compiler() -> typst.Compiler:
    """Return what sets the letters, with the fonts that it brings and no others."""
    return typst.Compiler(str(TEMPLATE), root=str(TEMPLATE.parent), ignore_system_fonts=True)


def main() -> int:
    """Set what comes in; a status other than 0 says that no page came of it."""
    made = make_compiler().compile(sys_inputs={"data": sys.stdin.buffer.read().decode()})
    if not isinstance(made, bytes):
        return 1
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
