"""What the clerk does besides the circle: record paper, refuse; and what a program needs: a token."""

from __future__ import annotations

import json
import re
from urllib import request as http
from urllib.error import HTTPError

from infra.demo.cast import CLERK, EMPLOYER_ADMIN, PASSWORD
from tests.journeys import circle
from tests.journeys.test_ways_in import HEADINGS, PEOPLE, review
from tests.support.hostile_files import make_pdf


def test_declaration_on_paper_is_recorded_and_stands_in_the_employers_sent(walk, tmp_path):
    clerk = walk("fr")
    page = clerk.page
    clerk.sign_in(CLERK.email, PASSWORD)
    clerk.go("/clerk/record/")
    page.fill("#number", "100-9976.9")
    page.select_option("#type", "salary_declaration.annual")
    page.select_option("#channel", "letter")
    page.fill("#received_on", "2026-01-20")
    clerk.look("record")
    page.locator("main form button.btn-primary").click()
    page.wait_for_selector("#field-year")
    clerk.look("record-entries")
    path = page.url.split(clerk.base)[1].removesuffix("edit/")
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(make_pdf())
    page.set_input_files("#attachment", str(scan))
    page.locator("form[action$='/attach/'] button").click()
    page.wait_for_selector("main a[href*='/clerk/documents/'], main .chip.warn")
    page.fill("#field-year", "2025")
    page.locator("form[data-autosave] button[name=later]").click()
    page.wait_for_url("**/clerk/record/")
    page.locator(f"main a[href='{path}edit/']").click()
    page.wait_for_selector("#field-year")
    clerk.go(f"{path}rows/")
    page.locator("details:has(#cells) summary").click()
    page.fill("#cells", "\n".join("\t".join(map(str, line)) for line in (HEADINGS, *PEOPLE)))
    page.locator("form[action$='/paste/'] button").click()
    page.wait_for_selector("table.data tbody tr")
    clerk.look("record-rows")
    review(clerk, path)
    circle.justify_all(clerk)
    clerk.look("record-review")
    clerk.submit("/send/")
    page.wait_for_url(re.compile(r"/clerk/m/"))
    clerk.look("record-done")
    _stands_in_sent(walk("de"))
    assert clerk.faults == []


def _stands_in_sent(employer):
    employer.sign_in(EMPLOYER_ADMIN.email, PASSWORD)
    employer.go(circle.path_of(employer, "sent/"))
    employer.page.locator(".line", has_text="2025").first.click()
    employer.page.wait_for_selector(".alert-info:has-text('20.01.2026')")
    employer.look("recorded-for-me")
    assert employer.faults == []


def test_token_is_made_used_and_ended(walk):
    employer = walk("de")
    page = employer.page
    employer.sign_in(EMPLOYER_ADMIN.email, PASSWORD)
    employer.go(circle.path_of(employer, "access/"))
    page.fill("#token-name", "Lohnprogramm")
    page.fill("#token-password", PASSWORD)
    page.locator("form:has(#token-password) button").click()
    token = page.wait_for_selector(".alert-success .code").inner_text().strip()
    employer.look("token")
    assert _answer(employer, token) == 200
    page.locator("form[action$='/revoke/'] button").click()
    page.wait_for_load_state()
    assert _answer(employer, token) == 401
    assert employer.faults == []


def _answer(walker, token):
    # Names below localhost are known to browsers only.
    host = walker.base.removeprefix("http://")
    headers = {"Authorization": f"Bearer {token}", "Host": host}
    call = http.Request(f"http://127.0.0.1:{host.rpartition(':')[2]}/api/v1/messages/", headers=headers)
    try:
        with http.urlopen(call, timeout=10) as answer:
            json.load(answer)
            return answer.status
    except HTTPError as refusal:
        with refusal:
            return refusal.code


def test_clerk_refuses_with_a_reason_that_the_employer_reads(walk):
    clerk, employer = walk("fr"), walk("de")
    clerk.sign_in(CLERK.email, PASSWORD)
    clerk.page.locator(".line", has_text="Envoyé").first.click()
    clerk.submit("/take/")
    clerk.page.fill("#refuse-reason", "Cette personne n’est pas assurée chez nous.")
    clerk.submit("/refuse/")
    clerk.page.wait_for_selector(".time li.now")
    clerk.look("desk-refused")
    assert clerk.faults == []
    employer.sign_in(EMPLOYER_ADMIN.email, PASSWORD)
    employer.go(circle.path_of(employer, "done/"))
    employer.page.locator(".line:has(.chip.stop)").first.click()
    employer.page.wait_for_selector(".time li.now")
    assert "n’est pas assurée" in employer.page.inner_text(".time")
    employer.look("refused")
    assert employer.faults == []
