"""PostgreSQL is away under the served platform: nothing typed is lost, and everything goes on afterwards.

In the short form it is this process that serves and finds no database; whole, it is ``make run``, whose PostgreSQL stops.
"""

from __future__ import annotations

import json
import os
import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest

from infra.demo.cast import CLERK, COLLEAGUE, EMPLOYER_ADMIN, FIDUCIARY, PASSWORD
from tests.journeys.walker import Walker
from tests.support import long_forms, sms
from tests.support.away import refused
from tests.support.platform import Platform, until
from tests.support.visitor import Visitor

LOST = {"fr": "Rien de ce que vous avez saisi n’est perdu", "de": "Nichts von Ihren Eingaben ist verloren"}


@pytest.fixture(scope="module")
def platform(tmp_path_factory):
    """The whole platform as ``make run`` serves it, on a database of its own that may be stopped."""
    made = Platform(tmp_path_factory.mktemp("gone") / "data")
    try:
        made.start_and_wait()
        yield made
    finally:
        made.end()


@pytest.fixture
def stage(request):
    """What is served, and how to take its database away; the answer 503 is no surprise to who walks there."""
    if not long_forms.is_whole():
        return SimpleNamespace(walk=request.getfixturevalue("walk"), without_database=refused)
    walk, platform = request.getfixturevalue("walk_whole"), request.getfixturevalue("platform")
    return SimpleNamespace(walk=walk, without_database=platform.without_database)


@pytest.fixture
def walk_whole(platform, kept_browser, looking):
    """Return a function that gives a new person at her browser, on the whole platform."""
    texts = sms.read_folder(platform.data_dir / "dev-outbox")
    with kept_browser.lent() as browser:

        def begin(language):
            return Walker(browser, f"http://ak26.localhost:{platform.port}", texts, language, **looking)

        yield begin


def surprises(walker):
    """Return what axe and the console found, beside the answers that say that the database is gone."""
    return [fault for fault in walker.faults if "status of 503" not in fault]


def begin_entry(walker):
    """Sign in and begin to announce a person; return the address of the form."""
    walker.sign_in(COLLEAGUE.email, PASSWORD)
    walker.submit("/employees.entry/")
    walker.page.wait_for_selector("#field-last_name")
    walker.page.fill("#field-last_name", "Rossier")
    walker.page.wait_for_selector("#saved:has-text('·')")
    return walker.page.url


def value(walker, field):
    return walker.page.input_value(f"#field-{field}")


@pytest.mark.long
def test_autosave_keeps_what_is_typed_and_saves_it_when_the_database_is_back(stage):
    colleague = stage.walk("fr")
    page, address = colleague.page, begin_entry(colleague)
    with stage.without_database():
        page.fill("#field-first_name", "Luca")
        page.wait_for_selector("#saved:has-text('conservées dans ce navigateur')")
        colleague.look("not-saved")
        time.sleep(6)
        assert value(colleague, "first_name") == "Luca"
    page.wait_for_selector("#saved:has-text('·')", timeout=40_000)
    page.goto(address)
    assert (value(colleague, "last_name"), value(colleague, "first_name")) == ("Rossier", "Luca")
    assert surprises(colleague) == []


@pytest.mark.long
def test_what_was_sent_in_vain_is_back_after_trying_again(stage):
    colleague = stage.walk("de")
    page, address = colleague.page, begin_entry(colleague)
    with stage.without_database():
        page.fill("#field-first_name", "Mia")
        page.locator("form[data-autosave] button.btn-primary").click()
        page.wait_for_selector("[data-unsaved]")
        assert LOST["de"] in page.inner_text("main")
        colleague.look("gone")
        page.locator("main a.btn-primary").click()
        page.wait_for_load_state()
        assert LOST["de"] in page.inner_text("main")
    page.locator("main a.btn-primary").click()
    page.wait_for_selector("#field-first_name")
    assert (page.url, value(colleague, "first_name")) == (address, "Mia")
    page.wait_for_selector("#saved:has-text('·')")
    page.locator("form[data-autosave] button.btn-primary").click()
    page.wait_for_url("**/review/")
    page.goto(address)
    page.fill("#field-first_name", "Lea")
    page.locator("form[data-autosave] button.btn-primary").click()
    page.wait_for_url("**/review/")
    page.goto(address)
    assert value(colleague, "first_name") == "Lea", "what has arrived is not brought back over what came later"
    assert surprises(colleague) == []


@pytest.mark.long
def test_question_of_the_clerk_is_not_lost_either(stage):
    clerk = stage.walk("fr")
    page = clerk.page
    clerk.sign_in(CLERK.email, PASSWORD)
    page.locator(".line", has_text="Envoyé").first.click()
    clerk.submit("/take/")
    question = "Le contrat est-il bien de durée indéterminée ?"
    with stage.without_database():
        page.fill("#question", question)
        clerk.submit("/ask/")
        page.wait_for_selector("[data-unsaved]")
        assert LOST["fr"] in page.inner_text("main")
        clerk.look("question-gone")
    page.locator("main a.btn-primary").click()
    page.wait_for_selector("#question")
    assert page.input_value("#question") == question
    clerk.submit("/ask/")
    page.wait_for_selector("form[action$='/cancel-question/']")
    assert question in page.inner_text("main")
    assert surprises(clerk) == []


@pytest.mark.long(
    short=["tests/integration/core/web/test_database_away.py::", "tests/integration/infra/supervisor/test_serve.py::"]
)
def test_everything_says_so_and_goes_on_afterwards(platform):
    anne = Visitor(platform.port, "ak26.localhost", {"Accept-Language": "fr"})
    texts = sms.read_folder(platform.data_dir / "dev-outbox")
    home = _sign_in(anne, EMPLOYER_ADMIN.email, texts)
    pages = [home.path, f"{home.path}inbox/", "/sign-in/", "/check/"]
    with platform.without_database():
        for path in pages:
            page = anne.get(path)
            if path != "/check/":
                assert (page.status, page.headers["Retry-After"]) == (503, "30"), path
                assert LOST["fr"] in page.text
        problem = anne.ask("GET", "/api/v1/messages/", Authorization="Bearer x")
        assert (problem.status, problem.headers["Content-Type"]) == (503, "application/problem+json")
        assert (json.loads(problem.text)["code"], problem.headers["Retry-After"]) == ("unavailable", "30")
        assert anne.get("/health/live").status == 200
        assert anne.get("/health/ready").status == 503
        _restart_web_processes(platform)
        page = anne.get(home.path)
        assert page.status == 503
        assert LOST["fr"] in page.text
    until(lambda: anne.get("/health/ready").status == 200)
    with ThreadPoolExecutor(8) as many:
        found = list(many.map(lambda number: anne.get(pages[number % 3]).status, range(120)))
    assert set(found) == {200}
    _sign_in(Visitor(platform.port, "ak26.localhost"), FIDUCIARY.email, texts)


def _sign_in(visitor, email, texts):
    known = len(texts())
    visitor.submit(visitor.get("/sign-in/"), "/sign-in/", name=email, password=PASSWORD)
    until(lambda: len(texts()) > known, seconds=60)
    code = re.search(r"\b(\d{3} ?\d{3})\b", texts()[-1])[1].replace(" ", "")
    home = visitor.submit(visitor.get("/sign-in/code/"), "/code/", code=code)
    assert "/p/" in home.path
    return home


def _restart_web_processes(platform):
    """End the processes that answer; their master starts new ones, which have never seen the database."""
    old = _web_processes(platform)
    assert old
    for pid in old:
        os.kill(pid, signal.SIGKILL)
    until(lambda: len(_web_processes(platform) - old) >= len(old) and _answers(platform))


def _web_processes(platform):
    """The children of the web server's master, which run the application."""
    servers = {pid for pid in platform.processes() if b"granian" in Path(f"/proc/{pid}/cmdline").read_bytes()}
    return {pid for pid in servers if _parent(pid) in servers}


def _parent(pid):
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _answers(platform):
    try:
        return platform.status("ak26.localhost", "/health/live") == 200
    except OSError:
        return False
