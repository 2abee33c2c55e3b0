"""The sample county is the notice's; it is loaded once, into an empty database."""

from __future__ import annotations

import pytest

from server.county.config import ConfigError
from server.county.hashes import hash_secret
from server.county.model import Role
from server.county.sample import load_sample, parse_sample
from tests.fakes.county import CONFIG, MemoryStore, PlainHasher, make_county

TEXT = (CONFIG / "sample-county.toml").read_text()
SAMPLE = parse_sample(TEXT)


def test_it_has_the_ten_pairings_of_annex_2():
    assert len(SAMPLE.schools) == 20
    names = {school.id: school.name for school in SAMPLE.schools}
    people = {f"u-{user.username}": user.name for user in SAMPLE.users}
    found = [
        (names[one.supporting_school_id], names[one.receiving_school_id], people[one.researcher_id])
        for one in SAMPLE.pairings
    ]
    assert len(found) == 10
    assert found[0] == ("永嘉县实验小学", "永嘉县巽宅镇西岙小学", "单志明")
    assert found[6] == ("永嘉县瓯北第一小学", "永嘉县鹤盛镇东皋小学", "刘衍光")
    assert found[9] == ("永嘉县碧莲镇中心小学", "永嘉县碧莲镇应坑小学", "叶丐强")
    assert {school.kind for school in SAMPLE.schools} == {"supporting", "receiving"}


def test_it_has_the_seven_subjects_and_groups_of_annex_3():
    ids = [subject.id for subject in SAMPLE.subjects]
    assert ids == ["chinese", "mathematics", "english", "science", "morality_and_law", "music", "art"]
    assert SAMPLE.groups[0].leads == ("单志明", "王建群")
    assert all(group.leads and len(group.members) == 3 for group in SAMPLE.groups)


async def test_each_account_gets_its_own_secret_and_the_administrator_the_given_one():
    county = await make_county()
    accounts = county.accounts
    assert [account.secret for account in accounts if account.role is Role.ADMIN] == ["password"]
    assert len({account.secret for account in accounts}) == len(accounts) == 31
    roles = [account.role for account in accounts]
    assert [roles.count(role) for role in (Role.RESEARCHER, Role.TEACHER, Role.DEVICE)] == [10, 10, 10]
    teacher = next(account for account in accounts if account.role is Role.TEACHER)
    user, _ = await county.services.accounts.login(teacher.username, teacher.secret, "here")
    assert (user.name, user.school_id) == ("实验小学教师", "s01")
    screen = next(account for account in accounts if account.role is Role.DEVICE)
    device, _ = await county.services.accounts.redeem(screen.secret, "here")
    assert device.school_id == "s02"


async def test_it_is_loaded_once():
    store = MemoryStore()
    first = await load_sample(store, SAMPLE, PlainHasher(), now=1.0)
    assert len(first) == 31
    assert await load_sample(store, SAMPLE, PlainHasher(), now=2.0) == []
    assert hash_secret(first[-1].secret) in {code for code, _ in store.state.codes.values()}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('supporting = "s01"', 'supporting = "s99"', "pairings.supporting: must be one of"),
        ('id = "s02"', 'id = "s01"', "schools.id: must be unique"),
        ('kind = "receiving"', 'kind = "rural"', "schools.kind: must be one of receiving, supporting"),
        ('leads = ["金甫"]', "leads = 1", "subjects.leads: must be a list of names"),
        ("number = 3", "number = true", "pairings.number: must be a whole number"),
        ('researcher = "jinfu"', 'researcher = "nobody"', "pairings.researcher: must be one of"),
        ("[[devices]]", "[devices]", "f.toml:"),
    ],
)
def test_a_wrong_roster_is_refused_with_line_and_key(old, new, problem):
    assert old in TEXT
    with pytest.raises(ConfigError) as refused:
        parse_sample(TEXT.replace(old, new, 1), "f.toml")
    assert problem in str(refused.value)


def test_an_error_names_the_line_of_its_own_row():
    line = next(n for n, text in enumerate(TEXT.splitlines(), 1) if text == 'supporting = "s05"')
    with pytest.raises(ConfigError) as refused:
        parse_sample(TEXT.replace('supporting = "s05"', 'supporting = "x"'), "f.toml")
    assert str(refused.value).startswith(f"f.toml:{line}: ")
