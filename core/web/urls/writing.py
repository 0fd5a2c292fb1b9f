"""The pages on which a message is written; mounted in the party's portal and at the desk."""

from __future__ import annotations

from core.web.views import contents, given_files, list_rows, one_row, sending

ROUTES = (
    ("edit/", contents.edit, "edit"),
    ("rows/", list_rows.rows_page, "rows"),
    ("rows/add/", list_rows.add_row, "row_add"),
    ("rows/paste/", list_rows.paste, "rows_paste"),
    ("rows/last-year/", list_rows.carry_over, "rows_carry_over"),
    ("rows/<int:number>/", one_row.row, "row"),
    ("rows/<int:number>/copy/", list_rows.copy_row, "row_copy"),
    ("rows/<int:number>/remove/", list_rows.remove_row, "row_remove"),
    ("upload/", given_files.upload, "upload"),
    ("template.<str:ending>", given_files.template, "template"),
    ("attach/", given_files.attach, "attach"),
    ("job/", given_files.job, "job"),
    ("review/", sending.review, "review"),
    ("findings/<int:finding_id>/justify/", sending.justify, "justify"),
    ("marked.xlsx", sending.marked, "marked"),
    ("send/", sending.send, "send"),
    ("discard/", sending.discard, "discard"),
)
