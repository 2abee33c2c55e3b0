"""Accounts: logging in, sessions, devices, and what ends them."""

from __future__ import annotations

import asyncio

import pytest

from server.county.errors import Conflict, Forbidden, Invalid, NotFound, TooMany, Unauthorized
from server.county.model import Actor, Role
from server.county.services.accounts import SESSION_LIFETIME
from tests.fakes.county import ADMIN, RESEARCHER, SCREEN, TEACHER, County


async def login(county: County, username: str = "admin", password: str = "password", remote: str = "here") -> str:
    return (await county.services.accounts.login(username, password, remote))[1]


async def code_for(county: County) -> str:
    return next(account.secret for account in county.accounts if account.role is Role.DEVICE)


async def test_a_session_is_its_bearers_until_it_logs_out(county: County):
    accounts = county.services.accounts
    token = await login(county, " Admin ")
    assert len(token) >= 43
    assert await accounts.actor_for(token) == Actor("u-admin", Role.ADMIN, "管理员", None)
    assert await accounts.actor_for(token + "x") is None
    assert await accounts.actor_for("") is None
    await accounts.logout(token)
    await accounts.logout(token)
    assert await accounts.actor_for(token) is None


async def test_a_session_slides_and_ends_after_half_a_day_without_use(county: County):
    accounts = county.services.accounts
    token = await login(county)
    for _ in range(4):
        county.clock.at += SESSION_LIFETIME - 1
        assert await accounts.actor_for(token) is not None
    county.clock.at += SESSION_LIFETIME
    assert await accounts.actor_for(token) is None


@pytest.mark.parametrize(
    ("username", "password"), [("admin", "wrong"), ("nobody", "password"), ("admin", ""), ("", ""), ("a", "x" * 5000)]
)
async def test_a_wrong_name_or_password_is_refused_alike(county: County, username, password):
    with pytest.raises(Unauthorized) as refused:
        await login(county, username, password)
    assert refused.value.code == "bad_login"


async def test_an_unknown_user_costs_a_verification_too(county: County):
    with pytest.raises(Unauthorized):
        await login(county, "nobody")
    assert len(county.hasher.verified) == 1


async def test_guessing_slows_down_and_the_right_password_forgives(county: County):
    for _ in range(5):
        with pytest.raises(Unauthorized):
            await login(county, password="wrong")
    with pytest.raises(TooMany) as slow:
        await login(county)
    assert slow.value.retry_after == 1.0
    assert await login(county, remote="elsewhere")
    county.clock.at += 1
    assert await login(county)
    assert await login(county)


async def test_guessing_from_many_places_slows_the_account(county: County):
    for number in range(20):
        with pytest.raises(Unauthorized):
            await login(county, password="wrong", remote=f"10.0.0.{number}")
    with pytest.raises(TooMany):
        await login(county, password="wrong", remote="10.1.0.0")


async def test_parallel_guesses_do_not_slip_through(county: County):
    results = await asyncio.gather(
        *(login(county, password=f"guess {number}") for number in range(30)), return_exceptions=True
    )
    assert sum(isinstance(result, Unauthorized) for result in results) == 5
    assert sum(isinstance(result, TooMany) for result in results) == 25


async def test_many_right_passwords_at_once_are_no_guesses(county: County):
    assert len({await task for task in [asyncio.ensure_future(login(county)) for _ in range(12)]}) == 12


async def test_changing_the_own_password_ends_the_other_sessions(county: County):
    accounts = county.services.accounts
    keep, other = await login(county), await login(county)
    actor = await accounts.actor_for(keep)
    assert actor is not None
    with pytest.raises(Unauthorized):
        await accounts.change_password(actor, "wrong", "new password")
    with pytest.raises(Invalid):
        await accounts.change_password(actor, "password", "short")
    await accounts.change_password(actor, "password", "new password", keep_token=keep)
    assert await accounts.actor_for(keep) is not None
    assert await accounts.actor_for(other) is None
    with pytest.raises(Unauthorized):
        await login(county)
    assert await login(county, password="new password")
    with pytest.raises(Forbidden):
        await accounts.change_password(SCREEN, "a", "new password")


async def test_the_command_line_sets_a_password(county: County):
    token = await login(county)
    await county.services.accounts.set_password("admin", "another one")
    assert await county.services.accounts.actor_for(token) is None
    assert await login(county, password="another one")
    with pytest.raises(NotFound):
        await county.services.accounts.set_password("nobody", "another one")


async def test_only_an_administrator_manages_accounts(county: County):
    accounts = county.services.accounts
    for actor in (RESEARCHER, TEACHER, SCREEN):
        for ask in (
            accounts.list_users(actor),
            accounts.list_devices(actor),
            accounts.create_device(actor, "s02", "x"),
            accounts.update_user(actor, "u-admin", name="x"),
            accounts.new_code(actor, "d"),
            accounts.revoke_device(actor, "d"),
            accounts.create_user(
                actor, username="ab", name="x", role=Role.RESEARCHER, school_id=None, password="password"
            ),
        ):
            with pytest.raises(Forbidden):
                await ask


async def test_creating_and_disabling_a_user(county: County):
    accounts = county.services.accounts
    values = {"username": "Wang.Li", "name": "王丽", "role": Role.TEACHER, "school_id": "s01", "password": "password"}
    user = await accounts.create_user(ADMIN, **values)
    assert user.username == "wang.li"
    token = await login(county, "wang.li")
    with pytest.raises(Conflict):
        await accounts.create_user(ADMIN, **values)
    for wrong in (
        {"username": "王"},
        {"username": "x y"},
        {"name": " "},
        {"password": "short"},
        {"school_id": "s99"},
        {"school_id": None},
        {"role": Role.RESEARCHER},
        {"role": Role.DEVICE},
    ):
        with pytest.raises(Invalid):
            await accounts.create_user(ADMIN, **(values | {"username": "other"} | wrong))
    assert (await accounts.update_user(ADMIN, user.id, name="王莉")).name == "王莉"
    assert await accounts.actor_for(token) is not None
    await accounts.update_user(ADMIN, user.id, disabled=True)
    assert await accounts.actor_for(token) is None
    with pytest.raises(Unauthorized):
        await login(county, "wang.li")
    await accounts.update_user(ADMIN, user.id, disabled=False, password="password2")
    assert await accounts.actor_for(token) is None
    assert await login(county, "wang.li", "password2")
    with pytest.raises(Conflict):
        await accounts.update_user(ADMIN, ADMIN.id, disabled=True)
    with pytest.raises(NotFound):
        await accounts.update_user(ADMIN, "u-none", name="x")
    assert len(await accounts.list_users(ADMIN)) == 22


async def test_a_device_code_works_once_and_in_any_spelling(county: County):
    accounts = county.services.accounts
    device, code = await accounts.create_device(ADMIN, "s02", "一年级教室")
    assert len(code) == 8
    redeemed, token = await accounts.redeem(f" {code[:4].lower()}-{code[4:]} ", "here")
    assert redeemed.id == device.id
    assert redeemed.redeemed_at == county.clock.at
    assert await accounts.actor_for(token) == Actor(device.id, Role.DEVICE, "一年级教室", "s02")
    with pytest.raises(Unauthorized):
        await accounts.redeem(code, "here")
    county.clock.at += 365 * 86400
    assert await accounts.actor_for(token) is not None
    seen = next(one for one in await accounts.list_devices(ADMIN) if one.id == device.id)
    assert seen.last_seen_at == county.clock.at
    with pytest.raises(Invalid):
        await accounts.create_device(ADMIN, "s01", "x")


async def test_two_screens_with_one_code_are_one_device(county: County):
    code = await code_for(county)
    results = await asyncio.gather(
        *(county.services.accounts.redeem(code, str(n)) for n in range(3)), return_exceptions=True
    )
    assert sum(isinstance(result, Unauthorized) for result in results) == 2


async def test_a_code_expires(county: County):
    code = await code_for(county)
    county.clock.at += 7 * 86400
    with pytest.raises(Unauthorized):
        await county.services.accounts.redeem(code, "here")


async def test_a_new_code_ends_the_old_token_and_revoking_ends_all(county: County):
    accounts = county.services.accounts
    device, code = await accounts.create_device(ADMIN, "s02", "x")
    _, token = await accounts.redeem(code, "here")
    second = await accounts.new_code(ADMIN, device.id)
    assert await accounts.actor_for(token) is None
    _, token = await accounts.redeem(second, "here")
    third = await accounts.new_code(ADMIN, device.id)
    await accounts.revoke_device(ADMIN, device.id)
    await accounts.revoke_device(ADMIN, device.id)
    assert await accounts.actor_for(token) is None
    with pytest.raises(Unauthorized):
        await accounts.redeem(third, "here")
    with pytest.raises(Conflict):
        await accounts.new_code(ADMIN, device.id)
    with pytest.raises(NotFound):
        await accounts.revoke_device(ADMIN, "d-none")


async def test_guessing_codes_slows_down(county: County):
    for _ in range(5):
        with pytest.raises(Unauthorized):
            await county.services.accounts.redeem("ABCDEFGH", "here")
    with pytest.raises(TooMany):
        await county.services.accounts.redeem(await code_for(county), "here")
    assert await county.services.accounts.redeem(await code_for(county), "elsewhere")


async def test_the_roster_is_there(county: County):
    roster = county.services.roster
    assert len(await roster.schools()) == 20
    assert (await roster.subjects())[0].id == "chinese"
    assert (await roster.pairings())[0].id == "p01"
    assert len(await roster.expert_groups()) == 7
    assert (await roster.user("u-admin")).name == "管理员"
    assert (await roster.account_names())["u-shanzhiming"] == "单志明"
    assert (await roster.school("s01")).name == "永嘉县实验小学"
    with pytest.raises(NotFound):
        await roster.school("s99")
    with pytest.raises(NotFound):
        await roster.user("u-none")
