"""The board over HTTP: figures, the rows behind them, the workbook."""

from __future__ import annotations

import io

from openpyxl import load_workbook

from tests.unit.county.honest_year import judged


async def taught(site):
    """Two lessons that count and one that was cut short."""
    await judged(site.county)
    await judged(site.county, subject_id="art")
    await judged(site.county, minutes=20)


async def rows(site, **query):
    answer = await site.call("GET", "/api/board/rows", params={"year": "2025"} | query)
    return answer.status, await answer.json()


async def test_a_cell_opens_the_lessons_that_it_counts_and_a_loss_those_that_were_lost(site):
    await taught(site)
    board = await (await site.call("GET", "/api/board?year=2025")).json()
    school = next(one for one in board["schools"] if one["school_id"] == "s02")
    cell = next(one for one in school["subjects"] if one["subject_id"] == "chinese")
    _, found = await rows(site, school_id="s02", subject="chinese", standing="credited")
    assert len(found["items"]) == cell["credited"] > 0
    assert {one["lesson"]["subject"] for one in found["items"]} == {"chinese"}
    loss = school["losses"][0]
    _, found = await rows(site, school_id="s02", standing=loss["standing"], code=loss["code"])
    assert len(found["items"]) == loss["count"]
    assert all(one["text"] and one["text_en"] for one in found["items"])
    assert school["forecast"]["low"] >= school["total"]


async def test_a_bad_question_is_refused_with_what_to_give(site):
    status, found = await rows(site, standing="lost")
    assert (status, found["errors"][0]["field"]) == (400, "standing")
    for span in ({"from": "2024-01-01T00:00:00Z"}, {"to": "2024-01-01T00:00:00Z"}):
        status, found = await rows(site, **span)
        assert (status, found["code"]) == (400, "bad_span")
    status, found = await rows(site, school_id="s99")
    assert (status, found["code"]) == (404, "no_such_school")


async def test_the_workbook_opens_with_the_boards_totals(site):
    await taught(site)
    answer = await site.call("GET", "/api/board/workbook?year=2025&kind=receiving", "teacher")
    assert answer.status == 200
    assert "board-2025" not in answer.headers["Content-Disposition"]
    book = load_workbook(io.BytesIO(await answer.read()))
    assert book.sheetnames == ["进度", "未计入的课", "工作进度"]
    head, *lines = book["进度"].iter_rows(values_only=True)
    assert [line[0] for line in lines] == ["永嘉县巽宅镇西岙小学"]  # the only receiving school on this teacher's board
    board = await (await site.call("GET", "/api/board?year=2025", "teacher")).json()
    assert lines[0][head.index("合计 / 20")] == next(
        one["total"] for one in board["schools"] if one["school_id"] == "s02"
    )
    english = await site.call("GET", "/api/board/workbook?lang=en")
    assert load_workbook(io.BytesIO(await english.read())).sheetnames == ["Progress", "Not counted", "Milestones"]
