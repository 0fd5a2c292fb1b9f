"""Levels, numbers, devices, names and passwords."""

from __future__ import annotations

from threading import Event, Thread
from time import sleep

import pytest
from argon2 import extract_parameters
from django.contrib.auth.hashers import check_password, make_password

from core.accounts import codes, devices, hashers, levels, phones
from core.accounts.models.people import normalise_sign_in_name
from core.kernel.errors import Unavailable


@pytest.mark.parametrize(
    ("methods", "level"),
    [([], 0), (["password"], 1), (["password", "sms_code"], 2), (["sms_code"], 0), (["password", "unheard_of"], 1)],
)
def test_level_follows_the_methods(methods, level):
    assert levels.level_of(methods) == level


@pytest.mark.parametrize("typed", ["079 123 45 67", "+41791234567", "0041 79 123 45 67", " 079/123 45 67"])
def test_mobile_has_one_spelling(typed):
    assert phones.normalise_mobile(typed, "CH") == "+41791234567"


@pytest.mark.parametrize("typed", ["", "12", "mobile", "+41 79"])
def test_what_is_no_mobile_is_refused(typed):
    with pytest.raises(phones.MobileNotValid):
        phones.normalise_mobile(typed, "CH")


def test_mobile_is_masked_but_for_its_end():
    assert phones.mask_mobile("+41791234567") == "+41 … 67"
    assert phones.mask_mobile("") == "…"


def test_device_is_told_without_versions():
    agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0"
    assert devices.summarise_device(agent) == "Edge, Windows"
    assert devices.summarise_device("curl/8") == ""


@pytest.mark.parametrize("typed", ["Anne@Example.CH", " anne@example.ch ", "ａnne@example.ch"])
def test_sign_in_name_has_one_spelling(typed):
    assert normalise_sign_in_name(typed) == "anne@example.ch"


@pytest.mark.usefixtures("real_hashes")
def test_password_is_hashed_at_the_stated_cost():
    encoded = make_password("secret")
    found = extract_parameters(encoded.removeprefix("argon2"))
    assert (found.type.name, found.memory_cost, found.time_cost, found.parallelism) == ("ID", 19_456, 2, 1)
    assert check_password("secret", encoded)
    assert not check_password("Secret", encoded)


def test_full_pool_says_so_instead_of_taking_the_memory():
    pool = hashers.Pool(size=1, wait_seconds=0.01)
    with pool, pytest.raises(Unavailable), pool:
        pass
    with pool:
        pass


def test_flood_is_turned_away_at_once_and_leaves_threads_for_others():
    pool, outcomes, held, done = hashers.Pool(size=1, wait_seconds=120, waiting=2), [], Event(), Event()

    def hold():
        with pool:
            held.set()
            done.wait(120)

    def enter():
        try:
            with pool:
                outcomes.append("in")
        except hashers.Busy:
            outcomes.append("busy")

    holder = Thread(target=hold)
    holder.start()
    held.wait(120)
    flood = [Thread(target=enter) for _ in range(12)]
    for thread in flood:
        thread.start()
    while outcomes.count("busy") < 10:
        sleep(0.01)
    assert outcomes == ["busy"] * 10
    done.set()
    for thread in (holder, *flood):
        thread.join(120)
    assert sorted(outcomes) == ["busy"] * 10 + ["in"] * 2
    with pool:
        pass


def test_code_keeps_only_figures():
    assert codes.clean_code(" 123 456\n") == "123456"
    assert codes.clean_code("１２３456") == "456"
