"""The judgement over hostile and honest files, without the child around it."""

from __future__ import annotations

import time

import pytest

from core.documents import sniffing
from core.documents.refusals import REFUSALS
from integrations.structure_scanner.checks import judge
from tests.support import hostile_files
from tests.support.judging import guarded

HOSTILE = list(hostile_files.list_hostile())
HONEST = list(hostile_files.list_honest())


@pytest.mark.parametrize("sample", HOSTILE, ids=lambda sample: sample.name)
def test_hostile_file_is_refused_for_the_right_reason(sample):
    started = time.process_time()
    code, detail = guarded(judge, sample)
    assert code == sample.code, detail
    assert code in REFUSALS
    assert time.process_time() - started < 2


@pytest.mark.parametrize("sample", HONEST, ids=lambda sample: sample.name)
def test_honest_file_is_clean(sample):
    assert guarded(judge, sample) == ("", "")


def test_type_is_judged_anew_and_must_be_what_was_stored():
    pdf = hostile_files.make_pdf()
    assert judge(pdf, filename="a.pdf", media_type=sniffing.PNG)[0] == "name_mismatch"
