"""Which SVG may be a logo: shapes, colours and text; nothing that runs, loads or links."""

from __future__ import annotations

import re

from lxml import etree

MAX_BYTES = 64 * 1024
_SVG = "{http://www.w3.org/2000/svg}"
_ELEMENTS = frozenset(
    {
        *("svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"),
        *("defs", "linearGradient", "radialGradient", "stop", "clipPath", "mask", "symbol", "use", "title", "desc"),
    }
)
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
_OUTSIDE = re.compile(r"url\(\s*['\"]?(?!#)|javascript:|expression\(|@import|\\", re.IGNORECASE)


def find_fault(text: str) -> str:
    """Return why a text cannot be a logo, or an empty text."""
    if len(text.encode()) > MAX_BYTES:
        return "the logo is larger than 64 KiB"
    root = _parse(text)
    if root is None or root.tag != f"{_SVG}svg":
        return "the logo is not SVG"
    return next((fault for element in root.iter() if (fault := _fault_of(element))), "")


def _parse(text: str) -> etree._Element | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return None if "<!doctype" in text.lower() else etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError:
        return None


def _fault_of(element: etree._Element) -> str:
    if isinstance(element, etree._Comment):
        return ""
    tag = element.tag if isinstance(element.tag, str) else ""
    name = tag.removeprefix(_SVG)
    if name not in _ELEMENTS:
        return f"the logo holds <{name.rpartition('}')[2] or '?'}>, which is not allowed"
    for attribute, value in element.attrib.items():
        if _attribute_is_unsafe(str(attribute), str(value)):
            return f"the logo's <{name}> has {str(attribute).rpartition('}')[2]}, which is not allowed"
    return ""


def _attribute_is_unsafe(name: str, value: str) -> bool:
    if name in _HREFS:
        return not value.startswith("#")
    return name.lower().startswith("on") or _OUTSIDE.search(value) is not None
