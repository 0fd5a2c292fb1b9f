"""People and roles, under /console/people/."""

from __future__ import annotations

from django.urls import path

from core.kernel.text import N_
from core.web.console.menu import PEOPLE, ConsolePage, add_page
from core.web.console.people import inviting, listing, person

add_page(
    ConsolePage(
        "console_people",
        N_("People and roles"),
        N_("Who works for the caisse, as what and for which themes; invite, change, block."),
        PEOPLE,
        order=10,
        synonyms=N_("clerks, staff, users, administrator, auditor, rights, invitation, activation, password, blocked"),
    )
)

_ONE = "<uuid:user_id>/"
urlpatterns = [
    path("", listing.people, name="console_people"),
    path("people.xlsx", listing.export, name="console_people_export"),
    path("invite/", inviting.invite, name="console_people_invite"),
    path(_ONE, person.show, name="console_people_person"),
    path(f"{_ONE}change/", person.change, name="console_people_change"),
    path(f"{_ONE}block/", person.block, name="console_people_block"),
    path(f"{_ONE}unblock/", person.unblock, name="console_people_unblock"),
    path(f"{_ONE}end/", person.end, name="console_people_end"),
    path(f"{_ONE}invitation/", person.reissue, name="console_people_reissue"),
]
