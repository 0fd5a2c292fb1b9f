"""The other ways into a declaration: workbook, CSV, cells pasted, by hand, no wages, and a replacement."""

from __future__ import annotations

import re
import zipfile

import openpyxl
import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from infra.demo.cast import COLLEAGUE, EMPLOYER_ADMIN, PASSWORD
from tests.journeys import circle
from tests.journeys.walker import NARROW

HEADINGS = ("AHVNr", "Name", "Vorname", "GebDat", "Geschlecht", "Kt.", "von", "bis", "AHV-Lohn", "ALV-Lohn")
PEOPLE = (
    ("756.9217.0769.85", "Exemple", "Alba", "14.03.1988", "F", "FR", "01.01.2025", "31.12.2025", 61200.50, 61200.50),
    ("756.1234.5678.97", "Muster", "Beat", "02.09.1975", "M", "BE", "01.01.2025", "30.06.2025", 40000, 40000),
)
REASON = "Vérifié avec le service du personnel."


def begin(walker, year="2025"):
    """Sign in, begin a salary declaration, return its path."""
    page = walker.page
    walker.sign_in(EMPLOYER_ADMIN.email, PASSWORD)
    walker.submit("/salary_declaration.annual/")
    page.wait_for_selector("#field-year")
    page.fill("#field-year", year)
    page.wait_for_selector("#saved:has-text('·')")
    return page.url.split(walker.base)[1].removesuffix("edit/")


def upload(walker, path, file):
    """Give a file on the page of persons and wait until it is read."""
    walker.go(f"{path}rows/")
    walker.page.set_input_files("#file", str(file))
    walker.page.locator("main form[action$='/upload/'] button").click()
    walker.wait_while_working()


def review(walker, path):
    """Open the review page and wait until everything is checked."""
    walker.go(f"{path}review/")
    walker.wait_while_working()


def codes(walker):
    """The codes of the findings on the page, in order."""
    return [text.split(" · ")[0] for text in walker.page.locator(".finding small").all_inner_texts()]


def write_book(path, people):
    book = openpyxl.Workbook()
    for line in (HEADINGS, *people):
        book.active.append(line)
    book.save(path)
    return path


def correct(walker, code, field, value):
    """Follow a finding to its row, enter the right value, come back to the list of persons."""
    page = walker.page
    page.locator(".finding", has=page.locator(f"small:has-text('{code}')")).locator("a").first.click()
    page.wait_for_selector(f"#field-{field}")
    page.fill(f"#field-{field}", value)
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/rows/")


@pytest.mark.parametrize("language", ["fr", "de"])
def test_workbook_is_read_marked_corrected_and_sent(walk, tmp_path, language):
    wrong = [("756.9217.0769.86", *PEOPLE[0][1:]), (*PEOPLE[1][:8], "viel", 40000)]
    employer = walk(language)
    path = begin(employer)
    upload(employer, path, write_book(tmp_path / "lohn.xlsx", wrong))
    employer.look("rows-from-workbook")
    review(employer, path)
    employer.look("review-of-workbook")
    assert codes(employer)[:2] == ["avs_check_digit", "number_unreadable"]
    with employer.page.expect_download() as download:
        employer.page.locator("a[href$='/marked.xlsx']").click()
    download.value.save_as(tmp_path / "marked.xlsx")
    marked = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    assert "86" in marked.worksheets[0]["A2"].comment.text
    assert marked.worksheets[0]["I3"].comment is not None
    assert len(marked.worksheets) == 2
    correct(employer, "avs_check_digit", "ahv_number", "756.9217.0769.85")
    review(employer, path)
    correct(employer, "number_unreadable", "ahv_income", "40'000")
    review(employer, path)
    circle.justify_all(employer)
    circle.send(employer)
    read_receipt(employer, path, tmp_path)
    assert employer.faults == []


def read_receipt(employer, path, folder):
    """Fetch the receipt, read it, and have it checked by its short code on the public page."""
    page = employer.page
    with page.expect_download() as download:
        page.locator("main a[href$='/receipt.pdf']").first.click()
    target = folder / "receipt.pdf"
    download.value.save_as(target)
    text = text_of(target)
    assert "Fabrique du Lac SA" in text
    assert "101’200.50" in text.replace("'", "’")
    code = page.locator("main .code").first.inner_text().strip()
    assert code.replace("-", "") in text.replace("-", "").replace(" ", "")
    employer.go("/check/")
    page.fill("#code", code)
    page.locator("main form button").click()
    page.wait_for_selector(".alert-success")
    employer.look("check-authentic")
    assert "Fabrique" not in page.inner_text("main")


def text_of(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(pdf).pages)


def test_csv_in_latin_1_is_read(walk, tmp_path):
    employer = walk("de")
    path = begin(employer)
    lines = [HEADINGS, ("756.9217.0769.85", "Müller", "Zoé", *map(str, PEOPLE[0][3:]))]
    file = tmp_path / "lohn.csv"
    file.write_bytes("\r\n".join(";".join(line) for line in lines).encode("latin-1"))
    upload(employer, path, file)
    assert "Müller" in employer.page.inner_text("table.data")
    review(employer, path)
    employer.look("review-of-csv")
    assert employer.faults == []


def test_template_holds_last_years_staff(walk, tmp_path):
    employer = walk("fr")
    path = begin(employer)
    employer.go(f"{path}rows/")
    with employer.page.expect_download() as download:
        employer.page.locator("a[href$='template.xlsx']").click()
    target = tmp_path / "modele.xlsx"
    download.value.save_as(target)
    book = openpyxl.load_workbook(target)
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[0][:2] == ("No AVS", "Nom *")
    assert len([row for row in rows[1:] if any(row)]) >= 1
    with zipfile.ZipFile(target) as archive:
        assert not any("vba" in name.lower() for name in archive.namelist())
    employer.page.locator("form[action$='/last-year/'] button").click()
    employer.page.wait_for_selector("table.data tbody tr")
    assert employer.faults == []


def test_pasted_cells_become_rows_and_rows_are_copied_and_removed(walk):
    employer = walk("de")
    path = begin(employer)
    page = employer.page
    employer.go(f"{path}rows/")
    cells = "\n".join("\t".join(map(str, line)) for line in (HEADINGS, *PEOPLE))
    page.locator("details:has(#cells) summary").click()
    page.fill("#cells", cells)
    page.locator("form[action$='/paste/'] button").click()
    expect(page.locator("table.data tbody tr")).to_have_count(2)
    employer.look("rows-pasted")
    page.locator("form[action$='/copy/'] button").first.click()
    page.wait_for_url(re.compile(r"/rows/3/$"))
    employer.go(f"{path}rows/")
    expect(page.locator("table.data tbody tr")).to_have_count(3)
    page.locator("form[action$='/remove/'] button").last.click()
    expect(page.locator("table.data tbody tr")).to_have_count(2)
    assert employer.faults == []


def test_a_person_is_entered_by_hand_with_the_keyboard_alone(walk):
    employer = walk("fr")
    path = begin(employer)
    page = employer.page
    employer.go(f"{path}rows/")
    page.focus("#field-ahv_number")
    for field, text in (
        ("ahv_number", "7569217076985"), ("last_name", "Exemple"), ("first_name", "Alba"), ("birth_date", "14.3.1988"),
    ):  # fmt: skip
        assert page.evaluate("document.activeElement.id") == f"field-{field}"
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.fill("#field-ahv_income", "61'200.50")
    page.press("#field-ahv_income", "Enter")
    page.wait_for_selector("table.data tbody tr")
    assert "756.9217.0769.85" in page.inner_text("table.data")
    assert "14.03.1988" in page.inner_text("table.data")
    open_menu_on_a_phone(page)
    assert employer.faults == []


def open_menu_on_a_phone(page):
    """Open by keyboard the menu that is folded where there is no room beside the page."""
    box = page.locator(".rail a", has_text="Brouillons")
    expect(box).to_be_visible()
    page.set_viewport_size(NARROW)
    expect(box).to_be_hidden()
    page.focus(".rail-toggle > summary")
    page.keyboard.press("Enter")
    expect(box).to_be_visible()


def test_no_wages_is_declared_then_replaced(walk):
    employer = walk("fr")
    path = begin(employer)
    page = employer.page
    page.locator("#field-nil input, input#field-nil").first.check()
    page.wait_for_selector("#saved:has-text('·')")
    page.locator("form[data-autosave] button.btn-primary").click()
    page.wait_for_load_state()
    review(employer, path)
    circle.justify_all(employer)
    employer.look("review-no-wages")
    circle.send(employer)
    employer.go(path)
    page.locator("form[action$='/replace/'] button").click()
    page.wait_for_selector("#field-year")
    employer.look("replacement")
    again = page.url.split(employer.base)[1].removesuffix("edit/")
    assert again != path
    employer.go(f"{again}edit/")
    assert page.input_value("#field-year") == "2025"
    page.locator("#field-nil input, input#field-nil").first.uncheck()
    page.locator("form[data-autosave] button.btn-primary").click()
    page.wait_for_url("**/rows/")
    page.locator("details:has(#cells) summary").click()
    page.fill("#cells", "\n".join("\t".join(map(str, line)) for line in (HEADINGS, *PEOPLE)))
    page.locator("form[action$='/paste/'] button").click()
    page.wait_for_selector("table.data tbody tr")
    review(employer, again)
    circle.justify_all(employer)
    circle.send(employer)
    employer.go(path)
    employer.look("replaced")
    assert page.locator(f"a[href='{again}']").count()
    assert employer.faults == []


def test_two_colleagues_on_one_draft_lose_nothing(walk):
    first, second = walk("fr"), walk("de")
    first.sign_in(EMPLOYER_ADMIN.email, PASSWORD)
    first.submit("/employees.exit/")
    first.page.wait_for_selector("#field-last_name")
    address = first.page.url
    second.sign_in(COLLEAGUE.email, PASSWORD)
    second.page.goto(address)
    second.page.wait_for_selector("#field-last_name")
    first.page.fill("#field-last_name", "Dubois")
    first.page.wait_for_selector("#saved:has-text('·')")
    second.page.fill("#field-last_name", "Dupont")
    second.page.locator("form[data-autosave] button.btn-primary").click()
    second.page.wait_for_selector("[role=alert]")
    second.look("draft-conflict")
    shown = second.page.inner_text("main")
    assert "Dubois" in shown
    assert second.page.input_value("#field-last_name") == "Dupont"
    assert [fault for fault in second.faults if "status of 409" not in fault] == []
