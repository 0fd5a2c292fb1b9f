"""What a test reads of the texts that left: in the order in which they were made, also while the clock stands still."""

from __future__ import annotations

import time

from core.kernel import clock
from core.kernel.identifiers import new_id
from core.notices.ports import Sms
from integrations.devoutbox.folder import DevOutbox
from tests.support.outbox import list_kept


def test_texts_of_one_moment_come_in_the_order_of_their_making(tmp_path):
    outbox = DevOutbox(tmp_path)
    with clock.travel(clock.now()):
        for number in range(20):
            outbox.send_sms(Sms(id=new_id(), caisse="ak26", to="+41790000001", text=str(number)))
            time.sleep(0.002)
    assert [one["text"] for one in list_kept("sms", tmp_path)] == [str(number) for number in range(20)]
    assert list_kept("mail", tmp_path) == []
