"""A satisfaction survey from the office to a parent's phone and back to the evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.e2e.access import serious
from tests.e2e.people import listen_for_errors, login
from tests.fakes.serving import Api

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page, Route

    from tests.fakes.serving import Serve


def _answer(serve: Serve, address: str, overall: int) -> None:
    """As a phone does it, without a browser."""
    anybody, code = Api(serve.base), address.partition("#")[2]
    questions = anybody.post("/api/survey-answers/questions", {"code": code})["sheet"]["questions"]
    answers = {one["id"]: 0 for one in questions} | {"overall": overall}
    assert anybody.call("POST", "/api/survey-answers", {"code": code, "answers": answers}).status == 204


def _make_codes(page: Page, schools: tuple[str, ...], names: str, each: int) -> list[str]:
    page.get_by_test_id("groups-add").click()
    form = page.get_by_test_id("groups-form")
    for school in schools:
        form.get_by_test_id("groups-schools").locator("input").fill(school)
        page.get_by_role("option", name=school).click()
    page.keyboard.press("Escape")
    form.get_by_test_id("groups-names").fill(names)
    form.get_by_test_id("groups-each").locator("input").fill(str(each))
    page.get_by_test_id("groups-make").click()
    codes = page.get_by_test_id("codes")
    codes.wait_for()
    return [str(one.get_attribute("title")) for one in codes.locator("img").all()]


@pytest.mark.timeout(240)
def test_the_office_asks_parents_one_answers_on_a_phone_and_the_rate_is_the_evaluations(
    serve: Serve, context: Callable[..., BrowserContext], shots: Path
) -> None:
    admin = serve.admin()
    page = context(1366, 768, media=False).new_page()
    errors = listen_for_errors(page)
    login(page, serve, *serve.account(admin, "researcher"))
    page.goto(f"{serve.base}/evaluation")
    page.get_by_test_id("to-surveys").click()
    page.get_by_test_id("empty").wait_for()
    page.screenshot(path=shots / "surveys-empty.png")
    page.get_by_test_id("survey-create").click()
    page.get_by_test_id("audience-parents").click()
    page.get_by_test_id("survey-title").fill("秋季学期家长满意度")
    page.get_by_test_id("survey-title-en").fill("Parents, autumn term")
    page.screenshot(path=shots / "survey-new.png")
    page.get_by_test_id("survey-save").click()
    page.get_by_test_id("survey-facts").wait_for()
    codes = _make_codes(page, ("西岙小学", "溪口小学"), "三年级", 9)
    assert len(set(codes)) == 18
    assert all(code.startswith(f"{serve.base}/survey#") for code in codes)
    page.screenshot(path=shots / "survey-codes.png")
    page.emulate_media(media="print")
    page.screenshot(path=shots / "survey-codes-print.png", full_page=True)
    page.emulate_media(media="screen")
    page.get_by_test_id("codes-close").click()

    # A phone in English, whose network comes and goes.
    phone = context(390, 844, media=False, locale="en-US").new_page()
    errors += listen_for_errors(phone)
    phone.goto(codes[0])
    send = phone.get_by_test_id("answer-send")
    expect(send).to_have_text("4 questions left")
    phone.screenshot(path=shots / "survey-answer-390.png", full_page=True)
    assert serious(phone) == []
    for question in phone.locator("fieldset").all():
        question.locator("label").first.click()
    tries: list[str] = []

    def cut(route: Route) -> None:
        tries.append(route.request.url)
        if len(tries) == 2:
            route.fetch()  # it arrives, what the server says does not
        if len(tries) > 2:
            route.continue_()
        else:
            route.abort()

    phone.route("**/api/survey-answers", cut)
    send.click()
    phone.get_by_test_id("answer-offline").wait_for()
    phone.screenshot(path=shots / "survey-answer-offline-390.png", full_page=True)
    expect(phone.get_by_test_id("answer-end")).to_have_attribute("data-end", "done")
    assert len(tries) == 3
    phone.screenshot(path=shots / "survey-answer-done-390.png")
    phone.reload()
    expect(phone.get_by_test_id("answer-end")).to_have_attribute("data-end", "used")

    for code in codes[1:8]:
        _answer(serve, code, 3)
    for code in codes[9:12]:
        _answer(serve, code, 1)
    page.reload()
    expect(page.get_by_test_id("groups")).to_contain_text("8")
    page.screenshot(path=shots / "survey-open.png")
    page.get_by_test_id("survey-close").click()
    page.locator(".confirm-yes").click()
    # 1 + 3 of 11; the school with three and the one beside it stand together.
    expect(page.get_by_test_id("rate")).to_contain_text("36")
    lines = page.get_by_test_id("result-lines")
    assert [row.get_attribute("data-kind") for row in lines.locator("tbody tr").all()] == [
        "total",
        "school",
        "group",
        "school",
        "group",
        "rest",
    ]
    assert lines.get_by_text("不显示").count() == 4
    for width, height in ((1366, 768), (1920, 1080), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=shots / f"survey-results-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width
    page.set_viewport_size({"width": 1366, "height": 768})
    assert serious(page) == []

    page.goto(f"{serve.base}/evaluation")
    page.get_by_test_id("item-paper2-1.3").get_by_role("button").click()
    drawer = page.get_by_test_id("item-drawer")
    expect(drawer.get_by_test_id("surveyed-total")).to_contain_text("4 / 11")
    rows = drawer.get_by_test_id("surveyed-row").all()
    assert sum(int(row.get_attribute("data-satisfied") or 0) for row in rows) == 4
    assert sum(int(row.get_attribute("data-answered") or 0) for row in rows) == 11
    assert drawer.get_by_test_id("enter-satisfaction_parents").count() == 0
    page.screenshot(path=shots / "survey-evaluation.png")
    assert errors == []


@pytest.mark.timeout(120)
def test_the_questions_are_changed_as_a_new_version(
    serve: Serve, context: Callable[..., BrowserContext], shots: Path
) -> None:
    admin = serve.admin()
    page = context(1366, 768, media=False).new_page()
    errors = listen_for_errors(page)
    login(page, serve, *serve.account(admin, "researcher"))
    page.goto(f"{serve.base}/surveys/questions")
    page.get_by_test_id("sheet-society").click()
    page.get_by_test_id("sheet").get_by_text("您了解城乡同步课堂吗？").wait_for()
    page.get_by_test_id("sheet-edit").click()
    page.get_by_test_id("drop-1").click()
    page.get_by_test_id("question-add").click()
    page.get_by_test_id("text-2").fill("您愿意向别人介绍它吗？")
    page.screenshot(path=shots / "survey-sheet-editor.png", full_page=True)
    page.get_by_test_id("sheet-save").click()
    page.get_by_test_id("sheet").get_by_text("您愿意向别人介绍它吗？").wait_for()
    expect(page.get_by_test_id("sheet")).to_contain_text("第 2 版")
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_test_id("sheet-edit").click()
    page.screenshot(path=shots / "survey-sheet-editor-390.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert errors == []
