"""Italian texts address their reader in one way, as Lei in capitals, and call things by one name."""

from __future__ import annotations

import re
from pathlib import Path

from infra.messages import catalogues

ROOT = Path(__file__).parents[4]
PLURAL = re.compile(r"\b(voi|vostr[oaie]|potete|avete|siete|scegliete|scrivete|vedete|agite)\b", re.IGNORECASE)
SMALL = re.compile(r"\ble chiederà mai\b|\bchiederà mai (questo codice o )?la sua\b")
OTHER_WORDS = re.compile(r"\b(aziend[ae]|account)\b", re.IGNORECASE)


def test_reader_is_lei_and_things_have_one_name():
    strings = [one.string for one in catalogues.read(ROOT, "it") if one.id]
    texts = [text for string in strings for text in ([string] if isinstance(string, str) else string)]
    assert len(texts) > 4000
    assert [text for text in texts for wrong in (PLURAL, SMALL, OTHER_WORDS) if wrong.search(text)] == []
