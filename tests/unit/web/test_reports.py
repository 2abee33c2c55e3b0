"""Monthly reports over HTTP: as they stand, their files, what was sent."""

from __future__ import annotations

import io

from docx import Document
from openpyxl import load_workbook

from tests.unit.web.test_board import taught

MONTH = "2025-11"
REPORT = {"scope": "county", "month": MONTH, "note": "报县教育局"}


async def test_a_figure_names_the_rows_that_it_opens(site):
    await taught(site)
    report = await (await site.call("GET", f"/api/reports/current?scope=pairing&id=p01&month={MONTH}")).json()
    assert report["about"][0] == "永嘉县实验小学 — 永嘉县巽宅镇西岙小学"
    held = report["facts"][0]["figure"]
    assert held["value"] == 3
    opens = held["opens"]
    query = {
        "from": opens["since"],
        "to": opens["until"],
        "pairing_id": opens["pairing_id"],
        "standing": ",".join(opens["standings"]),
    }
    found = await (await site.call("GET", "/api/board/rows", params=query)).json()
    assert len(found["items"]) == held["value"]


async def test_the_files_open_and_a_teacher_takes_only_the_own_pairings(site):
    await taught(site)
    query = f"scope=pairing&id=p01&month={MONTH}"
    answer = await site.call("GET", f"/api/reports/current/file?{query}&format=docx", "teacher")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert Document(io.BytesIO(await answer.read())).paragraphs[0].text == "城乡同步课堂月报（2025 年 11 月）"
    answer = await site.call("GET", f"/api/reports/current/file?{query}&lang=en", "teacher")
    assert load_workbook(io.BytesIO(await answer.read())).sheetnames[0] == "Summary"
    assert (await site.call("GET", f"/api/reports/current?month={MONTH}", "teacher")).status == 404
    assert (await site.call("GET", f"/api/reports/current?scope=pairing&id=p02&month={MONTH}", "teacher")).status == 404
    refused = await site.call("GET", "/api/reports/current?scope=village")
    assert (refused.status, (await refused.json())["errors"][0]["field"]) == (400, "scope")


async def test_what_was_sent_is_kept_to_the_byte_and_a_second_one_must_say_what_it_corrects(site):
    await taught(site)
    first = await (await site.call("POST", "/api/reports/sent", "researcher", json=REPORT)).json()
    assert (first["version"], first["actor_name"]) == (1, "单志明")
    again = await site.call("POST", "/api/reports/sent", json=REPORT)
    assert (again.status, (await again.json())["code"]) == (400, "no_correction")
    second = await (await site.call("POST", "/api/reports/sent", json=REPORT | {"correction": "改了一处"})).json()
    assert second["version"] == 2
    history = await (await site.call("GET", f"/api/reports/sent?month={MONTH}")).json()
    assert [one["id"] for one in history["items"]] == [second["id"], first["id"]]
    detail = await (await site.call("GET", f"/api/reports/sent/{first['id']}")).json()
    assert detail["whole"]
    assert detail["report"]["facts"][0]["figure"]["value"] == 3
    files = [
        await (await site.call("GET", f"/api/reports/sent/{first['id']}/file?format={kind}")).read()
        for kind in ("xlsx", "xlsx", "docx")
    ]
    assert files[0] == files[1]
    assert Document(io.BytesIO(files[2])).tables
    assert (await site.call("POST", "/api/reports/sent", "teacher", json=REPORT)).status == 403
    assert (await (await site.call("GET", "/api/reports/sent", "teacher")).json())["items"] == []
