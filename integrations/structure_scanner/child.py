"""The judging child: ``python -m integrations.structure_scanner.child NAME TYPE`` with the file on stdin."""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from typing import NoReturn

_MEMORY_BYTES = 768 * 2**20
_CPU_SECONDS = 10
_WALL_SECONDS = 25


def main() -> NoReturn:
    """Write ``[refusal code or "", detail]`` to stdout and leave."""
    _confine()
    from integrations.structure_scanner.checks import judge  # noqa: PLC0415 -- parsers come in only under the limits

    try:
        verdict = judge(sys.stdin.buffer.read(), filename=sys.argv[1], media_type=sys.argv[2])
    except MemoryError:
        verdict = ("too_much_inside", "memory")
    except Exception as error:  # noqa: BLE001 -- whatever a parser throws, the file is not what it should be
        verdict = ("damaged", type(error).__name__)
    sys.stdout.write(json.dumps(verdict))
    sys.stdout.flush()
    os._exit(0)


def _confine() -> None:
    signal.alarm(_WALL_SECONDS)
    for what, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, _CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_AS, _MEMORY_BYTES),
    ):
        _, hard = resource.getrlimit(what)
        lowest = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(what, (lowest, lowest))
        except (ValueError, OSError):
            if sys.platform != "darwin":  # macOS refuses to bound memory
                raise


if __name__ == "__main__":
    main()
