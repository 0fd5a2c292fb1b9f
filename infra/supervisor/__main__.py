"""The command line behind the Makefile; its first half runs before anything is installed."""

from __future__ import annotations

import sys

from infra.supervisor import install, progress


def main(arguments: list[str]) -> int:
    """``run`` (install, then serve), ``install``, ``build``, ``clean``; ``serve`` is for itself."""
    progress.begin()
    action = arguments[0] if arguments else "run"
    try:
        return _ACTIONS[action]()
    except progress.StepFailed as failure:
        progress.say(str(failure))
        return 1
    except KeyboardInterrupt:
        return 130


def _run() -> int:
    install.ensure(dev=False)
    install.reenter("serve")
    return 0


def _serve() -> int:
    from infra.supervisor import serve  # noqa: PLC0415 -- needs the installed packages

    return serve.main()


def _install() -> int:
    install.ensure(dev=True)
    return 0


def _build() -> int:
    from infra.supervisor import build  # noqa: PLC0415 -- after the installation

    install.ensure(dev=True)
    build.build_all()
    return 0


def _clean() -> int:
    from infra.supervisor import clean  # noqa: PLC0415 -- needs the installed packages

    return clean.main()


def _check() -> int:
    from infra.supervisor import check  # noqa: PLC0415 -- after the installation

    return check.main()


_ACTIONS = {"check": _check, "run": _run, "serve": _serve, "install": _install, "build": _build, "clean": _clean}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
