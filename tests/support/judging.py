"""Judges a sample as the child does: a parser's own error reads as a damaged file."""

from __future__ import annotations

from core.documents import sniffing


def guarded(judge, sample):
    media_type = sniffing.sniff(sample.data[: sniffing.HEAD_BYTES], sample.filename)
    try:
        return judge(sample.data, filename=sample.filename, media_type=media_type)
    except Exception as error:
        return ("damaged", repr(error))
