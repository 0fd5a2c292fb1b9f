"""How many calls the programs of one caisse may make in a minute."""

from __future__ import annotations

from datetime import timedelta

from core.kernel import clock
from tests.support.rest import PROBLEM, program
from tests.support.steering import limit


def test_calls_beyond_the_limit_are_told_when_to_come_back(office, other_office):
    limit(office.caisse, api_per_minute=3)
    mine = program(office, office.actor())
    assert [mine.get("messages/").status_code for _time in range(3)] == [200] * 3
    refused = mine.get("messages/")
    assert (refused.status_code, refused.headers["Content-Type"]) == (429, PROBLEM)
    assert refused.json()["code"] == "api_rate_reached"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert program(other_office, other_office.actor()).get("messages/").status_code == 200
    assert office.browser("anne").get(office.url()).status_code == 200, "people are not counted"
    with clock.travel(clock.now() + timedelta(seconds=61)):
        assert mine.get("messages/").status_code == 200


def test_all_programs_of_a_caisse_share_one_limit(office):
    limit(office.caisse, api_per_minute=2)
    for who in (office.actor(), office.actor("claire", "firm")):
        assert program(office, who).get("messages/").status_code == 200
    assert program(office, office.actor()).get("messages/").status_code == 429
