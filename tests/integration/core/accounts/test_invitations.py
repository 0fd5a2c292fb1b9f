"""Who is invited gets one code, which makes her account usable once; nothing else does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password

from core.accounts.invitations import (
    activation,
    completing,
    invite_staff,
    opening,
    reissue_invitation,
    revoke_invitation,
)
from core.accounts.invitations.errors import (
    ActivationLocked,
    ActivationTaken,
    AddressIncomplete,
    NothingToReissue,
    PersonEmailNotValid,
    PersonIncomplete,
    PersonKnown,
    RolesNotValid,
    ThemesNotValid,
)
from core.accounts.models import Activation, StaffMember, User
from core.accounts.upkeep import remove_expired
from core.audit.models import Entry
from core.kernel import clock
from core.kernel.actors import Actor
from core.kernel.errors import NotPermitted, RelaisError
from tenants.scope import tenant_transaction
from tests.support.browsing import Browser
from tests.support.invitations import MOBILE, PASSWORD, invite, read_code, read_newest
from tests.support.people import give_password
from tests.support.people import read_code as read_sms
from tests.support.racing import race

STREET = ("Rue du Lac 3", "1700 Fribourg")
OPERATOR = Actor(kind="operator", name="Olga")


@pytest.fixture
def chief(office):
    return office.clerk("gilles")


@pytest.fixture
def browser(office):
    return office.browser()


def user_of(office, invitation):
    with tenant_transaction(office.caisse):
        return User.objects.select_related("staff").get(id=invitation.user_id)


def refusal(answer):
    return answer.status_code, answer.context["refusal"]


def walk_to_sms(office, browser, code):
    assert browser.post("/activate/", {"code": code}).status_code == 302
    assert browser.post("/activate/password/", {"password": PASSWORD, "again": PASSWORD}).status_code == 302
    assert browser.post("/activate/mobile/", {"mobile": MOBILE}).status_code == 302
    return read_sms(office.caisse)


def test_invited_person_waits_without_password(office, chief):
    user = user_of(office, invite(office.caisse, chief, themes=["employees"], language="de"))
    assert (user.state, user.has_usable_password(), user.language) == ("invited", False, "de")
    assert (user.staff.roles, user.staff.themes) == (["clerk"], ["employees"])
    mail = read_newest(office.caisse)
    assert mail["to"] == "nora@caisse.example"
    assert "Guten Tag Nora Nouvelle" in mail["text"]
    assert "/activate/" in mail["text"]


def test_code_is_stored_as_a_hash_and_its_row_in_the_outbox_is_blanked(office, chief):
    invite(office.caisse, chief)
    code = read_code(office.caisse)
    with tenant_transaction(office.caisse):
        row = Activation.objects.get()
        assert code.replace(" ", "") not in f"{row.code_hash}{vars(row)}"
    assert row.expires_at - row.created_at == timedelta(days=30)


def test_letter_names_the_short_address(office, chief):
    invite(office.caisse, chief, by="letter", address=STREET)
    letter = read_newest(office.caisse, "letter")
    assert letter["to"].splitlines() == ["Nora Nouvelle", *STREET]
    assert "ak26.localhost" in letter["text"]
    assert "http" not in letter["text"]


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"email": "nobody at all"}, PersonEmailNotValid),
        ({"given_name": "  "}, PersonIncomplete),
        ({"roles": []}, RolesNotValid),
        ({"roles": ["king"]}, RolesNotValid),
        ({"roles": ["auditor", "clerk"]}, RolesNotValid),
        ({"themes": []}, ThemesNotValid),
        ({"by": "letter"}, AddressIncomplete),
        ({"email": "ELENA@example.ch"}, PersonKnown),
    ],
)
def test_what_is_wrong_invites_nobody(office, chief, values, error):
    with tenant_transaction(office.caisse):
        before = User.objects.count(), StaffMember.objects.count()
    with pytest.raises(error):
        invite(office.caisse, chief, **values)
    with tenant_transaction(office.caisse):
        assert (User.objects.count(), StaffMember.objects.count()) == before
        assert not Activation.objects.exists()


@pytest.mark.parametrize("name", ["elena", "greta"])
def test_only_administrators_invite(office, name):
    with pytest.raises(NotPermitted):
        invite(office.caisse, office.clerk(name))


def test_operator_invites_the_first_administrator_only(office):
    with pytest.raises(NotPermitted):
        invite(office.caisse, OPERATOR, roles=["administrator"])
    with tenant_transaction(office.caisse):
        StaffMember.objects.filter(roles__contains=["administrator"]).update(ended_at=clock.now())
    with pytest.raises(NotPermitted):
        invite(office.caisse, OPERATOR, roles=["clerk"])
    first = invite(office.caisse, OPERATOR, roles=["administrator"])
    again = invite(office.caisse, OPERATOR, roles=["administrator"])
    assert (first.user_id, first.activation_id == again.activation_id) == (again.user_id, False)


def test_whole_way_from_code_to_desk(office, chief, browser):
    invited = invite(office.caisse, chief)
    code = read_code(office.caisse)
    page = browser.get("/activate/")
    assert (page.status_code, page.context["step"]) == (200, "begin")
    assert browser.post("/activate/", {"code": f" {code.lower().replace(' ', '-')} "}).status_code == 302
    page = browser.get("/activate/")
    assert page.context["step"] == "password"
    assert "N… N…" in page.content.decode()
    assert "Nouvelle" not in page.content.decode()
    assert "nora@" not in page.content.decode()
    assert give_password(browser, "nora@caisse.example", PASSWORD).status_code == 422
    sms = walk_to_sms(office, browser, code)
    assert user_of(office, invited).state == "invited"
    done = browser.post("/activate/confirm/", {"code": sms})
    assert (done.status_code, done["Location"]) == (302, "/sign-in/")
    user = user_of(office, invited)
    assert (user.state, user.mobile, check_password(PASSWORD, user.password)) == ("active", "+41791002030", True)
    assert give_password(browser, "nora@caisse.example", PASSWORD)["Location"] == "/sign-in/code/"
    signed_in = browser.post("/sign-in/code/", {"code": read_sms(office.caisse)})
    assert signed_in.status_code == 302
    assert browser.get("/clerk/").status_code == 200
    with tenant_transaction(office.caisse):
        row = Activation.objects.get()
        assert (row.password, row.mobile, row.used_at is not None) == ("", "", True)
        acts = set(Entry.objects.filter(object_type="staff").values_list("action", flat=True))
    assert acts >= {"staff_invited", "invitation_sent", "activation_opened", "activation_completed"}


def test_looking_at_the_page_uses_nothing_up(office, chief, browser):
    invite(office.caisse, chief)
    code = read_code(office.caisse)
    for _ in range(3):
        assert browser.get("/activate/").status_code == 200
        assert browser.get(f"/activate/?code={code}").status_code == 200
    assert browser.post("/activate/", {"code": code}).status_code == 302


def test_who_leaves_goes_on_where_she_was(office, chief, browser):
    invite(office.caisse, chief)
    code = read_code(office.caisse)
    browser.post("/activate/", {"code": code})
    browser.post("/activate/password/", {"password": PASSWORD, "again": PASSWORD})
    assert browser.post("/activate/leave/").status_code == 302
    assert browser.get("/activate/").context["step"] == "begin"
    elsewhere = office.browser()
    elsewhere.post("/activate/", {"code": code})
    assert elsewhere.get("/activate/").context["step"] == "mobile"


def test_wrong_mobile_can_be_changed_and_code_sent_again(office, chief, browser):
    invite(office.caisse, chief)
    walk_to_sms(office, browser, read_code(office.caisse))
    first = read_sms(office.caisse)
    assert browser.post("/activate/mobile/", {"again": "1"}).status_code == 302
    assert browser.post("/activate/confirm/", {"code": first}).status_code == 422
    assert browser.post("/activate/mobile/", {"change": "1"}).status_code == 302
    assert browser.get("/activate/").context["step"] == "mobile"
    assert browser.post("/activate/mobile/", {"mobile": "12"}).status_code == 422
    assert browser.post("/activate/mobile/", {"mobile": "+1 212 555 0100"}).status_code == 422
    browser.post("/activate/mobile/", {"mobile": "079 555 00 00"})
    assert browser.post("/activate/confirm/", {"code": read_sms(office.caisse)}).status_code == 302


@pytest.mark.parametrize(
    "password",
    ["short", "password", "nouvelle1", "nora2026", "x" * 129],
    ids=["short", "common", "family-name", "given-name", "long"],
)
def test_weak_password_is_refused_with_a_reason(office, chief, browser, password):
    invite(office.caisse, chief)
    browser.post("/activate/", {"code": read_code(office.caisse)})
    answer = browser.post("/activate/password/", {"password": password, "again": password})
    assert answer.status_code == 422
    assert answer.context["refusal"]
    assert f'value="{password}"' not in answer.content.decode()
    assert browser.get("/activate/").context["step"] == "password"


def spoil(office, chief, invitation, way):
    """Make a code useless in one of the ways there are."""
    with tenant_transaction(office.caisse):
        if way == "expired":
            Activation.objects.update(
                created_at=clock.now() - timedelta(days=31), expires_at=clock.now() - timedelta(days=1)
            )
        elif way == "revoked":
            assert revoke_invitation(actor=chief, user_id=invitation.user_id)
        elif way == "replaced":
            reissue_invitation(actor=chief, user_id=invitation.user_id, by="mail")
        elif way == "blocked":
            User.objects.filter(id=invitation.user_id).update(state="blocked")
        elif way == "ended":
            StaffMember.objects.filter(user_id=invitation.user_id).update(ended_at=clock.now())
        else:
            Activation.objects.update(used_at=clock.now())


@pytest.mark.parametrize("way", ["used", "expired", "revoked", "replaced", "blocked", "ended"])
def test_every_useless_code_has_the_same_answer(office, chief, browser, way):
    invitation = invite(office.caisse, chief)
    code = read_code(office.caisse)
    unknown = refusal(browser.post("/activate/", {"code": "0000 0000 0000"}))
    spoil(office, chief, invitation, way)
    assert refusal(browser.post("/activate/", {"code": code})) == unknown


@pytest.mark.parametrize("way", ["used", "expired", "revoked", "replaced", "blocked", "ended"])
def test_code_that_ends_on_the_way_stops_every_step(office, chief, browser, way):
    invitation = invite(office.caisse, chief)
    sms = walk_to_sms(office, browser, read_code(office.caisse))
    spoil(office, chief, invitation, way)
    answer = browser.post("/activate/confirm/", {"code": sms})
    assert (answer.status_code, answer.context["step"]) == (422, "begin")
    assert user_of(office, invitation).state != "active"
    assert not user_of(office, invitation).has_usable_password()


def test_tries_are_limited_by_address(office):
    browser = Browser(HTTP_HOST="ak26.localhost")
    statuses = [browser.post("/activate/", {"code": f"{n:012}"}).status_code for n in range(21)]
    assert statuses == [422] * 20 + [429]
    with pytest.raises(ActivationLocked):
        opening.open_activation(caisse=office.caisse, typed="0", address="127.0.0.1")


def test_of_two_who_finish_at_once_one_wins(office, chief):
    """Both hold the code and a code by SMS of their own; the account becomes the first one's."""
    invitation = invite(office.caisse, chief)
    found = opening.open_activation(caisse=office.caisse, typed=read_code(office.caisse), address="1.1.1.1")
    activation.choose_password(caisse=office.caisse, activation=found, password=PASSWORD, repeated=PASSWORD)
    sent, codes = [], []
    for _ in range(2):
        sent.append(activation.send_mobile_code(caisse=office.caisse, activation=found, typed=MOBILE))
        codes.append(read_sms(office.caisse))
    done = [
        lambda one=one, typed=typed: completing.complete_activation(
            caisse=office.caisse, activation=found, sent=one, typed=typed
        )
        for one, typed in zip(sent, codes, strict=True)
    ]
    outcomes = race(office.caisse, *done)
    assert [type(one) for one in outcomes] == [User, ActivationTaken]
    assert user_of(office, invitation).state == "active"


def test_of_two_reissues_at_once_one_code_stays(office, chief):
    invitation = invite(office.caisse, chief)
    again = lambda: reissue_invitation(actor=chief, user_id=invitation.user_id, by="mail")  # noqa: E731
    outcomes = race(office.caisse, again, again)
    with tenant_transaction(office.caisse):
        assert Activation.objects.filter(used_at=None, revoked_at=None).count() == 1
    assert not isinstance(outcomes[0], RelaisError)


def test_active_person_gets_no_new_code(office, chief):
    with tenant_transaction(office.caisse), pytest.raises(NothingToReissue):
        reissue_invitation(actor=chief, user_id=office.users["elena"].id, by="mail")


def test_letter_goes_again_where_the_last_one_went(office, chief):
    invitation = invite(office.caisse, chief, by="letter", address=STREET)
    with tenant_transaction(office.caisse):
        reissue_invitation(actor=chief, user_id=invitation.user_id, by="letter")
    assert read_newest(office.caisse, "letter")["to"].splitlines()[1:] == list(STREET)


def test_code_of_one_caisse_opens_nothing_at_another(office, chief, other_office):
    invite(office.caisse, chief)
    code = read_code(office.caisse)
    assert other_office.browser().post("/activate/", {"code": code}).status_code == 422


def test_who_left_can_be_invited_again(office, chief):
    first = invite(office.caisse, chief)
    with tenant_transaction(office.caisse):
        StaffMember.objects.filter(user_id=first.user_id).update(ended_at=clock.now())
        User.objects.filter(id=first.user_id).update(state="left")
        again = invite_staff(
            actor=chief, given_name="Nora", family_name="Neu", email="nora@caisse.example", roles=["auditor"]
        )
    user = user_of(office, again)
    assert (user.id, user.state, user.staff.roles, user.staff.ended_at) == (first.user_id, "invited", ["auditor"], None)


def test_what_an_unused_invitation_holds_is_forgotten_in_time(office, chief, browser):
    invite(office.caisse, chief, by="letter", address=STREET)
    walk_to_sms(office, browser, read_code(office.caisse, "letter"))
    with tenant_transaction(office.caisse):
        remove_expired()
        assert Activation.objects.exclude(password="").exclude(mobile="").exclude(address=[]).count() == 1
    with clock.travel(clock.now() + timedelta(days=61)), tenant_transaction(office.caisse):
        remove_expired()
        assert Activation.objects.filter(password="", mobile="", address=[]).count() == 1
