"""Tokens of programs: made, used over REST, limited, ended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.accounts import tokens
from core.accounts.models import ApiToken, Membership, User
from core.accounts.policy import offered_themes
from core.accounts.seats import build_actor, build_staff_actor
from core.kernel import clock
from core.kernel.errors import NotFound, NotPermitted
from tenants.scope import tenant_transaction
from tests.support.people import make_mandate, make_member, make_party, make_staff, make_user


def actor_of(user):
    """Return the user on her first seat, within the open scope."""
    return build_actor(user, Membership.objects.get(user=user).party_id, assurance_level=2)


@pytest.fixture
def made(caisse, anne):
    """A token of Anne's company."""
    with tenant_transaction(caisse):
        return tokens.create_token(actor=actor_of(anne), name="Payroll")


def find(caisse, secret: str):
    with tenant_transaction(caisse):
        return tokens.find_actor(secret)


def call(browser, secret: str, path: str = "/api/v1/counts/"):
    return browser.get(path, headers={"Authorization": f"Bearer {secret}"})


def test_token_acts_for_its_party_at_level_one(caisse, anne, made):
    actor = find(caisse, made.secret)
    assert (actor.kind, actor.assurance_level, actor.token_id) == ("party", 1, made.token.id)
    assert (actor.party_id, actor.name) == (made.token.party_id, "Anne Exemple (Payroll)")
    assert set(actor.rights) == set(offered_themes(caisse))


def test_secret_is_not_stored(caisse, made):
    with tenant_transaction(caisse):
        stored = str(vars(ApiToken.objects.get()))
    # The secret itself may hold the sign that stands between the parts.
    mark, prefix, secret = made.secret.split("_", 2)
    assert (mark, len(prefix), len(secret)) == ("relais", 12, 43)
    assert secret not in stored


def test_token_opens_the_interface(browser, made):
    assert call(browser, made.secret).status_code == 200
    wrong = "y" if made.secret.endswith("x") else "x"
    assert call(browser, made.secret[:-1] + wrong).status_code == 401
    assert browser.get("/api/v1/counts/")["WWW-Authenticate"] == "Bearer"


def test_token_of_one_caisse_is_nothing_at_another(other_caisse, made):
    assert find(other_caisse, made.secret) is None


@pytest.mark.parametrize(
    ("table", "change"),
    [
        (User, {"state": "blocked"}),
        (Membership, {"valid_until": "2020-01-02"}),
        (ApiToken, {"revoked_at": "2026-01-01T00:00:00Z"}),
    ],
)
def test_token_dies_with_its_maker_and_on_demand(caisse, browser, made, table, change):
    with tenant_transaction(caisse):
        table.objects.update(**change)
    assert call(browser, made.secret).status_code == 401


def test_token_ends_on_its_day(caisse, made):
    with clock.travel(made.token.expires_at - timedelta(seconds=1)):
        assert find(caisse, made.secret) is not None
    with clock.travel(made.token.expires_at):
        assert find(caisse, made.secret) is None


def test_token_may_be_given_less_than_its_maker_has(caisse, made):
    theme = offered_themes(caisse)[0]
    with tenant_transaction(caisse):
        ApiToken.objects.update(themes=[theme], may_act=False)
    actor = find(caisse, made.secret)
    assert set(actor.rights) == {theme}
    assert not actor.may_act(theme)


def test_use_is_noted_once_a_minute(caisse, made):
    noted = []
    start = clock.now()
    for seconds in (0, 30, 61):
        with clock.travel(start + timedelta(seconds=seconds)):
            find(caisse, made.secret)
        with tenant_transaction(caisse):
            noted.append(ApiToken.objects.get().last_used_at)
    assert noted == [start, start, start + timedelta(seconds=61)]


def test_guessing_is_slowed_per_address(browser, made):
    for number in range(100):
        assert call(browser, f"relais_000000000000_{number}").status_code == 401
    assert call(browser, "relais_000000000000_x").status_code == 429
    assert call(browser, made.secret).status_code == 200


def test_only_administrators_make_tokens(caisse, anne):
    with tenant_transaction(caisse):
        Membership.objects.update(role="member")
        with pytest.raises(NotPermitted):
            tokens.create_token(actor=actor_of(anne), name="Payroll")


def test_token_of_a_client_belongs_to_the_company_that_made_it(caisse, anne, made):
    with tenant_transaction(caisse):
        claire, firm = make_user("claire"), make_party("Firm")
        make_mandate(firm, made.token.party)
        make_member(claire, firm)
        foreign = build_actor(claire, made.token.party_id)
        assert tokens.list_tokens(actor=foreign) == []
        with pytest.raises(NotFound):
            tokens.revoke_token(actor=foreign, token_id=made.token.id)
        tokens.revoke_token(actor=actor_of(anne), token_id=made.token.id)
    assert find(caisse, made.secret) is None


def test_desk_token_is_the_clerks_own(caisse, browser):
    with tenant_transaction(caisse):
        clerk = make_user("clerk")
        actor = build_staff_actor(clerk, make_staff(clerk, "clerk"), caisse=caisse)
        secret = tokens.create_token(actor=actor, name="Core system").secret
        assert len(tokens.list_tokens(actor=actor)) == 1
    assert call(browser, secret, "/api/v1/desk/queue/").status_code == 200
    assert call(browser, secret).status_code == 404


def test_who_is_also_a_clerk_stays_within_her_companys_token(caisse, browser, anne, made):
    with tenant_transaction(caisse):
        make_staff(anne, "clerk")
    assert find(caisse, made.secret).kind == "party"
    assert call(browser, made.secret, "/api/v1/desk/queue/").status_code == 404
