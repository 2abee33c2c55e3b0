"""The sample county is the notice's; it is loaded once, into an empty database."""

from __future__ import annotations

import pytest

from server.county.config import ConfigError
from server.county.hashes import hash_secret
from server.county.model import Role
from server.county.roster.entries import Known
from server.county.roster.imports import sheets_of
from server.county.sample import load_sample
from server.documents.sample import read_sample_county
from server.documents.workbook import write_workbook
from tests.fakes.county import MemoryStore, PlainHasher, make_county, sample_entries


def of_kind(kind):
    return [entry for entry in sample_entries() if entry.kind == kind]


def test_it_has_the_ten_pairings_of_annex_2():
    known = Known(sample_entries())
    assert len(of_kind("schools")) == 20
    found = [
        tuple(
            known.label(kind, one.values[key])
            for kind, key in (
                ("schools", "supporting_school_id"),
                ("schools", "receiving_school_id"),
                ("researchers", "researcher_id"),
            )
        )
        for one in of_kind("pairings")
    ]
    assert len(found) == 10
    assert found[0] == ("永嘉县实验小学", "永嘉县巽宅镇西岙小学", "单志明")
    assert found[6] == ("永嘉县瓯北第一小学", "永嘉县鹤盛镇东皋小学", "刘衍光")
    assert found[9] == ("永嘉县碧莲镇中心小学", "永嘉县碧莲镇应坑小学", "叶丐强")
    assert {school.values["kind"] for school in of_kind("schools")} == {"supporting", "receiving"}


def test_it_has_the_seven_subjects_and_groups_of_annex_3():
    ids = [subject.id for subject in of_kind("subjects")]
    assert ids == ["chinese", "mathematics", "english", "science", "morality_and_law", "music", "art"]
    groups = of_kind("groups")
    assert groups[0].values["leads"] == ("单志明", "王建群")
    assert all(group.values["leads"] and len(group.values["members"]) == 3 for group in groups)


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
    first = await load_sample(store, sample_entries(), PlainHasher(), now=1.0)
    assert len(first) == 31
    assert await load_sample(store, sample_entries(), PlainHasher(), now=2.0) == []
    assert hash_secret(first[-1].secret) in {code for code, _ in store.state.codes.values()}


@pytest.mark.parametrize("entry_id", ["s05", "u-jinfu", "chinese", "t2026a"])
def test_a_wrong_workbook_is_refused_with_sheet_and_cell(tmp_path, entry_id):
    without = [entry for entry in sample_entries() if entry.id != entry_id]
    file = tmp_path / "county.xlsx"
    file.write_bytes(write_workbook(sheets_of(Known(without), 0)))
    with pytest.raises(ConfigError, match=r"county\.xlsx: \S+![A-F]\d+: there is no “"):
        read_sample_county(file)


def test_a_file_that_is_no_workbook_is_refused(tmp_path):
    file = tmp_path / "county.xlsx"
    file.write_bytes(b"PK\x03\x04 but no archive")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_sample_county(file)
