"""Which SVG may be a logo: shapes, colours and text; nothing that runs, loads or links.

What drawing programs leave behind for themselves is taken out; what could do something is refused and named, since
a logo without it would not look as it was drawn.
"""

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
        "style",
    }
)
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
# Beside SVG's own, which have no namespace: what other programs write into attributes is theirs.
_KNOWN_ATTRIBUTES = ("{http://www.w3.org/1999/xlink}", "{http://www.w3.org/XML/1998/namespace}")
_XHTML = "{http://www.w3.org/1999/xhtml}"
_NUMBER = re.compile(r"\s*(\d+(?:\.\d+)?)")
_OUTSIDE = re.compile(r"url\(\s*['\"]?(?!#)|javascript:|expression\(|@import|image-set\(|\bsrc\(|\\", re.IGNORECASE)


def clean(text: str) -> str:
    """Return a drawing without declaration, comments and what editors keep in it; the same again changes nothing.

    What is no SVG comes back as it is, and so does a drawing in which there is nothing to take out.
    """
    root = _parse(text)
    if root is None or root.tag != f"{_SVG}svg":
        return text
    spare = [one for one in root.iter() if one is not root and _is_spare(one)]
    for element in spare:
        _take_out(element)
    foreign = [(one, name) for one in root.iter() for name in one.attrib if _is_foreign(str(name))]
    for element, name in foreign:
        del element.attrib[name]
    if not spare and not foreign and text.startswith("<svg"):
        return text
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="unicode", with_tail=False)


def _is_spare(element: etree._Element) -> bool:
    if isinstance(element, etree._Comment):
        return True
    tag = element.tag if isinstance(element.tag, str) else ""
    return tag == f"{_SVG}metadata" or (tag.startswith("{") and not tag.startswith((_SVG, _XHTML)))


def _take_out(element: etree._Element) -> None:
    """Remove an element, and leave the text that follows it where it is."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)


def _is_foreign(name: str) -> bool:
    return name.startswith("{") and not name.startswith(_KNOWN_ATTRIBUTES)


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
        return None if "<!entity" in text.lower() else etree.fromstring(text.encode(), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _fault_of(element: etree._Element) -> Refusal | None:
    if isinstance(element, etree._Comment):
        return None
    tag = element.tag if isinstance(element.tag, str) else ""
    name = tag.removeprefix(_SVG)
    if name not in _ELEMENTS:
        return Refusal(N_("The drawing holds %(name)s, which is not allowed."), name=name.rpartition("}")[2] or "?")
    if name == "style" and _OUTSIDE.search("".join(map(str, element.itertext()))):
        return Refusal(N_("The drawing holds %(name)s, which is not allowed."), name=name)
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
