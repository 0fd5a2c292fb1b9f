"""A platform served for a test ends with the last answer: nothing of it goes on into the next test."""

from __future__ import annotations

import threading
import time

from tests.support.live import Requests


def test_end_waits_for_what_has_begun_and_lets_nothing_more_begin():
    requests, order = Requests(), []
    assert requests.begin()
    ending = threading.Thread(target=lambda: (requests.end(), order.append("ended")))
    ending.start()
    while not requests.ended:
        time.sleep(0.01)
    assert not requests.begin()
    order.append("answered")
    requests.leave()
    ending.join(60)
    assert order == ["answered", "ended"]
