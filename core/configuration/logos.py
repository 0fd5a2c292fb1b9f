"""Which SVG may be a logo: shapes, colours and text; nothing that runs, loads or links."""

from __future__ import annotations

import re

from lxml import etree

from core.configuration.registry import Refusal
from core.kernel.text import N_

MAX_BYTES = 64 * 1024
MAX_ICON_BYTES = 16 * 1024
MAX_SIDE = 10_000
_SVG = "{http://www.w3.org/2000/svg}"
_ELEMENTS = frozenset(
    {
        *("svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"),
        *("defs", "linearGradient", "radialGradient", "stop", "clipPath", "mask", "symbol", "use", "title", "desc"),
    }
)
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
_NUMBER = re.compile(r"\s*(\d+(?:\.\d+)?)")
_OUTSIDE = re.compile(r"url\(\s*['\"]?(?!#)|javascript:|expression\(|@import|\\", re.IGNORECASE)


def find_fault(text: str, *, most_bytes: int = MAX_BYTES) -> Refusal | None:
    """Return why a text cannot be a logo or an icon, or nothing."""
    if len(text.encode(errors="replace")) > most_bytes:
        return Refusal(N_("The drawing is larger than %(most)s KiB."), most=most_bytes // 1024)
    root = _parse(text)
    if root is None or root.tag != f"{_SVG}svg":
        return Refusal(N_("The drawing is not SVG."))
    if _longest_side(root) > MAX_SIDE:
        return Refusal(N_("The drawing is larger than %(most)s pixels."), most=MAX_SIDE)
    return next((fault for element in root.iter() if (fault := _fault_of(element))), None)


def _longest_side(root: etree._Element) -> float:
    sides = [root.get("width", ""), root.get("height", ""), *root.get("viewBox", "").replace(",", " ").split()]
    return max((float(found[1]) for side in sides if (found := _NUMBER.match(str(side)))), default=0)


def _parse(text: str) -> etree._Element | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return None if "<!doctype" in text.lower() else etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError:
        return None


def _fault_of(element: etree._Element) -> Refusal | None:
    if isinstance(element, etree._Comment):
        return None
    tag = element.tag if isinstance(element.tag, str) else ""
    name = tag.removeprefix(_SVG)
    if name not in _ELEMENTS:
        return Refusal(N_("The drawing holds %(name)s, which is not allowed."), name=name.rpartition("}")[2] or "?")
    for attribute, value in element.attrib.items():
        if _attribute_is_unsafe(str(attribute), str(value)):
            return Refusal(
                N_("The drawing holds %(name)s, which is not allowed."),
                name=f"{name} {str(attribute).rpartition('}')[2]}",
            )
    return None


def _attribute_is_unsafe(name: str, value: str) -> bool:
    if name in _HREFS:
        return not value.startswith("#")
    return name.lower().startswith("on") or _OUTSIDE.search(value) is not None
