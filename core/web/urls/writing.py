"""The pages on which a message is written; mounted in the party's portal and at the desk."""

from __future__ import annotations

from core.web.views import contents, one_row, sending

ROUTES = (
    ("edit/", contents.edit, "edit"),
    ("rows/", contents.rows_page, "rows"),
    ("rows/add/", contents.add_row, "row_add"),
    ("rows/paste/", contents.paste, "rows_paste"),
    ("rows/last-year/", contents.carry_over, "rows_carry_over"),
    ("rows/<int:number>/", one_row.row, "row"),
    ("rows/<int:number>/copy/", contents.copy_row, "row_copy"),
    ("rows/<int:number>/remove/", contents.remove_row, "row_remove"),
    ("upload/", contents.upload, "upload"),
    ("template.<str:ending>", contents.template, "template"),
    ("attach/", contents.attach, "attach"),
    ("job/", contents.job, "job"),
    ("review/", sending.review, "review"),
    ("findings/<int:finding_id>/justify/", sending.justify, "justify"),
    ("marked.xlsx", sending.marked, "marked"),
    ("send/", sending.send, "send"),
    ("discard/", sending.discard, "discard"),
)
