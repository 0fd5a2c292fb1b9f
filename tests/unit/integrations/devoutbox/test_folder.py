"""The folder in place of mail, SMS and post."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

from core.kernel import clock
from core.notices.ports import Letter, Sms
from core.notices.windows import Area
from integrations.devoutbox.folder import DevOutbox


def sms(caisse: str = "ak26", text: str = "one") -> Sms:
    return Sms(id=uuid4(), caisse=caisse, to="+41790000001", text=text)


def test_newest_comes_first(tmp_path):
    outbox, start = DevOutbox(tmp_path / "new"), clock.now()
    for minute in range(3):
        with clock.travel(start + timedelta(minutes=minute)):
            outbox.send_sms(sms(text=str(minute)))
    assert [item.text for item in outbox.list_kept()] == ["2", "1", "0"]
    assert [item.text for item in outbox.list_kept(limit=1)] == ["2"]


def test_repeat_changes_nothing(tmp_path):
    outbox, one = DevOutbox(tmp_path), sms()
    outbox.send_sms(one)
    at = outbox.list_kept()[0].at
    outbox.send_sms(one)
    assert [item.at for item in outbox.list_kept()] == [at]


def test_caisse_and_kind_are_filtered(tmp_path):
    outbox = DevOutbox(tmp_path)
    outbox.send_sms(sms())
    outbox.send_sms(sms("ak99"))
    letter = Letter(
        uuid4(),
        "ak26",
        "Caisse",
        ("Anne", "1700 Fribourg"),
        "Subject",
        "Text",
        "fr",
        Area(122, 44, 90, 40),
        date(2026, 3, 2),
    )
    outbox.print_letter(letter)
    assert len(outbox.list_kept(caisse="ak26")) == 2
    assert [item.to for item in outbox.list_kept(caisse="ak26", kind="letter")] == ["Anne\n1700 Fribourg"]


def test_foreign_and_half_files_are_passed_over(tmp_path):
    outbox = DevOutbox(tmp_path)
    (tmp_path / "foreign.json").write_text('{"a": 1}')
    (tmp_path / "half.json").write_text('{"id": ')
    outbox.send_sms(sms())
    assert len(outbox.list_kept()) == 1


def test_folder_is_private_and_may_be_missing(tmp_path):
    outbox = DevOutbox(tmp_path / "none")
    assert outbox.list_kept() == []
    outbox.send_sms(sms())
    assert (tmp_path / "none").stat().st_mode & 0o077 == 0
