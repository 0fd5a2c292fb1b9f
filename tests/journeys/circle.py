"""The full circle of a salary declaration: employer sends, clerk asks back, she answers, clerk closes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from infra.demo.cast import CLERK, EMPLOYER_ADMIN, PASSWORD

if TYPE_CHECKING:
    from tests.journeys.walker import Walker

ELM = Path(__file__).resolve().parents[1] / "fixtures" / "elm5_declare_salary_synthetic.xml"


def declare(employer: Walker, file: Path) -> str:
    """Sign in, read a file, justify, send; return the message's path."""
    page = employer.page
    employer.sign_in(EMPLOYER_ADMIN.email, PASSWORD)
    employer.look("dashboard")
    employer.picture("portal.png")
    employer.submit("/salary_declaration.annual/")
    page.wait_for_selector("#field-year")
    page.fill("#field-year", "2025")
    page.wait_for_selector("#saved:has-text('·')")
    employer.look("edit")
    path = page.url.split(employer.base)[1].removesuffix("edit/")
    employer.go(f"{path}rows/")
    page.set_input_files("#file", str(file))
    page.locator("main form[action$='/upload/'] button").click()
    employer.wait_while_working()
    employer.look("rows")
    employer.go(f"{path}review/")
    employer.wait_while_working()
    justify_all(employer)
    employer.look("review")
    send(employer)
    return path


def justify_all(employer: Walker) -> None:
    """Write a reason wherever one is asked."""
    page = employer.page
    for _round in range(20):
        boxes = page.locator(".finding:not(:has(strong)) textarea[name=reason]")
        if not boxes.count():
            return
        boxes.first.fill("Vérifié avec le service du personnel.")
        boxes.first.locator("xpath=ancestor::form").locator("button").click()
        page.wait_for_load_state()


def send(employer: Walker) -> None:
    """Confirm and send."""
    page = employer.page
    page.check("#confirmed")
    employer.submit("/send/")
    page.wait_for_url("**/sent/")
    employer.look("sent")


def ask_back(clerk: Walker, path: str) -> None:
    """Take the case and ask about the first person."""
    page = clerk.page
    clerk.sign_in(CLERK.email, PASSWORD)
    clerk.look("desk-queue")
    clerk.go(f"/clerk/m/{path.split('/')[-2]}/")
    clerk.submit("/take/")
    page.wait_for_selector("#question")
    clerk.look("desk-case")
    page.fill("#question", "Le salaire de cette personne est-il complet ?")
    page.locator("input[name=row]").first.check()
    clerk.submit("/ask/")
    page.wait_for_selector("form[action$='/cancel-question/']")


def answer(employer: Walker) -> None:
    """Open the question in the Inbox, correct a person, send."""
    page = employer.page
    employer.go(path_of(employer, "inbox/"))
    employer.look("inbox")
    page.locator(".line", has_text="2025").first.click()
    page.wait_for_selector("#field-year")
    employer.look("question")
    request = page.url.split(employer.base)[1].removesuffix("edit/")
    employer.go(f"{request}rows/")
    page.locator("a[href*='/rows/']").first.click()
    page.wait_for_selector("#field-ahv_income")
    page.fill("#field-ahv_income", "84'600.00")
    page.fill("#field-alv_income", "84'600.00")
    employer.look("row")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/rows/")
    clear_stated(employer, request)
    employer.go(f"{request}review/")
    employer.wait_while_working()
    justify_all(employer)
    send(employer)


def clear_stated(employer: Walker, path: str) -> None:
    """The file's own totals no longer hold once a row was corrected by hand."""
    page = employer.page
    employer.go(f"{path}edit/")
    for name in ("stated_ahv", "stated_alv", "stated_fak_cantons"):
        page.fill(f"#field-{name}", "")
    page.locator("form[data-autosave] button.btn-primary").click()
    page.wait_for_url("**/rows/")


def decide_and_close(clerk: Walker) -> None:
    """Take the answer, publish a decision, complete the case."""
    page = clerk.page
    clerk.go("/clerk/?state=sent")
    page.locator(".line", has_text="2025").first.click()
    clerk.submit("/take/")
    page.wait_for_selector("#decision-title")
    page.fill("#decision-title", "Décision de cotisations 2025")
    page.fill("#decision-text", "Nous avons fixé vos cotisations.\n\nElles figurent sur la prochaine facture.")
    clerk.submit("/decide/")
    page.wait_for_selector("a[href*='/clerk/documents/']")
    clerk.submit("/close/")
    page.wait_for_load_state()
    clerk.look("desk-closed")


def see_it_done(employer: Walker) -> None:
    """Find the case completed, the steps, and the decision in the dossier."""
    page = employer.page
    employer.go(path_of(employer, "done/"))
    employer.look("done")
    page.locator(".line", has_text="2025").first.click()
    page.wait_for_selector(".time")
    employer.look("message")
    employer.go(path_of(employer, "dossier/salary_declaration/"))
    employer.look("dossier")
    with page.expect_download() as download:
        page.locator("a[href*='/documents/']").first.click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")


def path_of(walker: Walker, rest: str) -> str:
    """Return a path of the party whose page is open."""
    party = walker.page.url.split("/p/")[1].split("/")[0]
    return f"/p/{party}/{rest}"
