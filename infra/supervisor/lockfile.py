"""Writes what pip needs from ``uv.lock``, for machines that uv has no wheel for.

Run by the venv's Python, whose pip carries the reader of environment markers.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

from pip._vendor.packaging.markers import Marker

from infra.supervisor.paths import ROOT

Package = dict[str, Any]


def list_requirements(lock: dict[str, Any], *, dev: bool) -> list[str]:
    """Return ``name==version --hash=...`` for all that this machine needs, by following the lock."""
    root = next(package for package in lock["package"] if "virtual" in package.get("source", {}))
    waiting = list(root["dependencies"])
    waiting += root.get("dev-dependencies", {}).get("dev", []) if dev else []
    pins: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    while waiting:
        edge = waiting.pop()
        if "marker" in edge and not Marker(edge["marker"]).evaluate({"extra": ""}):
            continue
        package = _find(lock, edge)
        pins[package["name"]] = _pin(package)
        for part in {"", *edge.get("extra", [])} - {part for name, part in seen if name == edge["name"]}:
            seen.add((edge["name"], part))
            waiting += _edges(package, part)
    return sorted(pins.values())


def _find(lock: dict[str, Any], edge: dict[str, Any]) -> Package:
    # A package that differs by platform stands there twice; then the edge names the version.
    return next(
        package
        for package in lock["package"]
        if package["name"] == edge["name"] and edge.get("version", package["version"]) == package["version"]
    )


def _edges(package: Package, extra: str) -> list[dict[str, Any]]:
    if not extra:
        return list(package.get("dependencies", []))
    return list(package.get("optional-dependencies", {}).get(extra, []))


def _pin(package: Package) -> str:
    files = package.get("wheels", []) + [package[key] for key in ("sdist",) if key in package]
    hashes = " ".join(f"--hash={file['hash']}" for file in files)
    return f"{package['name']}=={package['version']} {hashes}"


def main(arguments: list[str]) -> None:
    """Write the list to the file that is named first; ``--dev`` adds the tools."""
    lock = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))
    lines = list_requirements(lock, dev="--dev" in arguments)
    Path(arguments[0]).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
