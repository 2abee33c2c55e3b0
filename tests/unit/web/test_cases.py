"""Exemplary cases over HTTP: from the draft to the casebook, opened again."""

from __future__ import annotations

import io
import zipfile

import docx
import numpy as np
import pypdf
import pypdfium2
import pytest
from PIL import Image

from server.county.cases import Section
from server.county.model import Role, User
from tests.unit.county.test_service_cases import FIRST, SECOND, WORDS

PICTURE = "application/octet-stream"
TITLE = "同屏共读 <b> $x$ #pagebreak() 让两端对话"


def photo(width=640, height=480, colour=(0, 128, 128), kind="JPEG", **more):
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, kind, **more)
    return out.getvalue()


async def said(answer, status=200):
    assert answer.status == status, await answer.text()
    return await answer.json()


def content(case, **changes):
    names = ("version", "title", "texts", "recording_id", "material_ids")
    kept = {name: case[name] for name in names} | {"author_ids": [one["id"] for one in case["authors"]]}
    pictures = [{name: one[name] for name in ("id", "section", "caption")} for one in case["pictures"]]
    return kept | {"pictures": pictures} | changes


@pytest.fixture
async def case(site):
    lesson = await site.county.taught()
    return await said(await site.call("POST", "/api/cases", "teacher", json={"lesson_id": lesson.id}))


@pytest.fixture
async def experts(site):
    """Logins of two members of the group of Chinese, from other schools."""
    county = site.county
    async with county.store.write() as work:
        for actor in (FIRST, SECOND):
            account = User(actor.id, actor.id[2:], actor.name, Role.TEACHER, actor.school_id, "plain:secret")
            assert await work.users.add(account)
    for actor in (FIRST, SECOND):
        _, site.logins[actor.id] = await county.services.accounts.login(actor.id[2:], "secret", "192.0.2.9")
    return FIRST.id, SECOND.id


async def upload(site, case, data, role="teacher"):
    return await site.call(
        "POST", f"/api/cases/{case['id']}/pictures", role, data=data, headers={"Content-Type": PICTURE}
    )


async def filled(site, case):
    shown = await said(await upload(site, case, photo()), 201)
    body = content(
        case,
        title=TITLE,
        texts=dict.fromkeys(Section, WORDS * 3 + "\n\n第二段：巽宅镇西岙小学。"),
        pictures=[{"id": shown["id"], "section": "process", "caption": "西岙小学课堂"}],
    )
    return await said(await site.call("PATCH", f"/api/cases/{case['id']}", "teacher", json=body))


async def step(site, case, role, what, reason=""):
    body = {"step": what, "version": case["version"], "reason": reason}
    return await said(await site.call("POST", f"/api/cases/{case['id']}/steps", role, json=body))


async def published(site, case, experts):
    case = await step(site, await filled(site, case), "teacher", "submitted")
    path = f"/api/cases/{case['id']}"
    found = (await said(await site.call("GET", f"{path}/candidates", "admin")))["items"]
    assert {one["name"]: one["against"] for one in found if one["id"] in experts} == {
        FIRST.name: None,
        SECOND.name: None,
    }
    body = {"version": case["version"], "reviewer_ids": list(experts)}
    await said(await site.call("POST", f"{path}/reviewers", "admin", json=body))
    for reviewer in experts:
        seen = await said(await site.call("GET", path, reviewer))
        body = {
            "version": seen["review"]["version"],
            "marks": {one["id"]: one["full"] for one in seen["criteria"]},
            "remarks": "两端学生都有真正的参与，建议补充前后测的数据。",
            "done": True,
        }
        await said(await site.call("PATCH", f"{path}/review", reviewer, json=body))
    seen = await said(await site.call("GET", path, "admin"))
    assert (seen["state"], seen["verdict"]["mean"], seen["steps"][:2]) == ("reviewed", 100.0, ["returned", "selected"])
    return await step(site, await step(site, seen, "admin", "selected"), "admin", "published")


async def test_a_case_goes_from_the_draft_to_every_teachers_page(site, case, experts):
    done = await published(site, case, experts)
    assert done["state"] == "published"
    seen = await said(await site.call("GET", f"/api/cases/{case['id']}", experts[0]))
    assert (seen["title"], seen["verdict"], seen["steps"]) == (TITLE, None, [])
    picture = await site.call("GET", seen["pictures"][0]["url"], experts[0])
    assert (picture.status, picture.content_type) == (200, "image/jpeg")
    assert Image.open(io.BytesIO(await picture.read())).size == (640, 480)
    mine = await said(await site.call("GET", f"/api/cases/{case['id']}", "teacher"))
    assert [(one["reviewer"], one["total"]) for one in mine["reviews"]] == [("", 100.0)] * 2
    listed = (await said(await site.call("GET", "/api/cases?view=county&year=2025", "researcher")))["items"]
    assert [(one["id"], one["state"]) for one in listed] == [(case["id"], "published")]
    goals = await said(await site.call("GET", "/api/case-goals", "researcher"))
    assert (goals["formed"], goals["to_report"], goals["states"]["published"]) == (1, 2, 1)


async def test_the_second_of_two_writers_is_given_what_stands_now(site, case):
    path = f"/api/cases/{case['id']}"
    await said(await site.call("PATCH", path, "teacher", json=content(case, texts={"design": "一稿"})))
    late = await site.call("PATCH", path, "teacher", json=content(case, texts={"process": "二稿"}))
    problem = await late.json()
    assert (late.status, problem["code"]) == (409, "stale")
    assert (problem["current"]["texts"], problem["current"]["version"]) == ({"design": "一稿"}, case["version"] + 1)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
async def test_a_picture_is_kept_upright_small_and_without_what_the_camera_wrote(site, case, kind):
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8825)[2] = (28.0, 9.0, 0.0)  # a latitude
    sent = photo(3000, 2000, kind=kind, exif=exif)
    kept = await said(await upload(site, case, sent), 201)
    data = await (await site.call("GET", kept["url"], "teacher")).read()
    picture = Image.open(io.BytesIO(data))
    assert (picture.size, picture.format) == ((1200, 1800), "JPEG")
    assert dict(picture.getexif()) == {}


@pytest.mark.parametrize(
    "data", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", photo()[:300], b"GIF89a" + bytes(40)]
)
async def test_what_is_no_picture_is_refused(site, case, data):
    answer = await upload(site, case, data)
    assert (answer.status, (await answer.json())["code"]) == (400, "bad_picture")


async def test_a_picture_that_unpacks_to_too_much_is_refused(site, case):
    answer = await upload(site, case, photo(9000, 8000, kind="PNG"))
    assert (answer.status, (await answer.json())["code"]) == (400, "bad_picture")


async def test_somebody_else_puts_no_picture_into_a_case(site, case, experts):
    assert (await upload(site, case, photo(), experts[0])).status == 404
    submitted = await step(site, await filled(site, case), "teacher", "submitted")
    assert (await upload(site, submitted, photo(), "admin")).status == 403
    assert (await upload(site, submitted, photo())).status == 409


@pytest.mark.parametrize("query", ["view=secret", "state=lost", "year=1"])
async def test_unknown_filters_are_named(site, query):
    answer = await site.call("GET", f"/api/cases?{query}")
    assert answer.status == 400
    assert (await answer.json())["errors"][0]["field"] == query.partition("=")[0]


# --- the casebook ---------------------------------------------------------------------------------------------------


async def test_the_casebook_is_refused_while_it_is_empty_and_says_what_to_do(site):
    answer = await site.call("GET", "/api/casebook.pdf?year=2025")
    assert answer.status == 404
    assert "先发布案例" in (await answer.json())["detail"]


@pytest.fixture
async def book(site, case, experts):
    await published(site, case, experts)
    found = await said(await site.call("GET", "/api/casebook?year=2025", "researcher"))
    assert [one["title"] for one in found["chapters"]] == [TITLE]
    body = {
        "year": 2025,
        "version": found["version"],
        "title": "永嘉县同步课堂典型案例集",
        "editor": "永嘉县教师发展中心",
        "preface": "编写说明。\n\n感谢各校。",
        "case_ids": [one["id"] for one in found["chapters"]],
    }
    kept = await said(await site.call("POST", "/api/casebook", "researcher", json=body))
    assert (kept["version"], kept["others"]) == (1, [])
    late = await site.call("POST", "/api/casebook", "admin", json=body | {"title": "另一个书名"})
    assert (late.status, (await late.json())["current"]["title"]) == (409, body["title"])
    return body


async def test_the_casebook_for_word_opens_with_its_contents_words_and_pictures(site, case, book):
    answer = await site.call("GET", "/api/casebook.docx?year=2025", "researcher")
    assert answer.status == 200
    assert "filename*=UTF-8''%E6%B0%B8" in answer.headers["Content-Disposition"]
    data = await answer.read()
    opened = docx.Document(io.BytesIO(data))
    texts = [line.text for line in opened.paragraphs]
    assert texts[7] == book["title"]
    headings = [(line.style.name, line.text) for line in opened.paragraphs if line.style.name.startswith("Heading")]
    assert headings[:3] == [("Heading 1", TITLE), ("Heading 2", "摘要"), ("Heading 2", "背景与问题")]
    assert f"{TITLE}\t" in texts  # the contents list
    assert "第二段：巽宅镇西岙小学。" in texts
    assert "西岙小学课堂" in texts
    assert [(one.width > one.height) for one in opened.inline_shapes] == [True]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        document = archive.read("word/document.xml").decode()
        kept = next(archive.read(name) for name in archive.namelist() if name.startswith("word/media/"))
    assert r'TOC \o "1-1"' in document
    assert document.count("PAGEREF chapter0") == document.count('w:name="chapter0"') == 1
    assert document.count('fldCharType="begin"') == document.count('fldCharType="end"') == 2
    assert Image.open(io.BytesIO(kept)).size == (640, 480)


async def test_the_casebook_to_print_opens_with_its_contents_words_pictures_and_fonts(site, case, book):
    answer = await site.call("GET", "/api/casebook.pdf?year=2025", "researcher")
    assert (answer.status, answer.content_type) == (200, "application/pdf")
    data = await answer.read()
    reader = pypdf.PdfReader(io.BytesIO(data))
    pages = [page.extract_text() for page in reader.pages]
    assert book["title"] in pages[0].replace("\n", "")
    assert "编写说明。" in pages[1]
    assert TITLE in pages[2]  # the contents list, and what looks like markup is only words
    assert pages[2].rstrip().splitlines()[-1].strip() in ("II", "1") or "1" in pages[2]
    assert "".join(pages[3:]).count("巽宅镇西岙小学") >= 6
    assert [one.title for one in reader.outline if not isinstance(one, list)] == [TITLE]
    images = [image.image.size for page in reader.pages for image in page.images]
    assert (640, 480) in images
    fonts = {name for page in reader.pages for name in _fonts(page)}
    assert all("NotoS" in name for name in fonts), fonts
    picture = pypdfium2.PdfDocument(data)
    page = next(number for number, text in enumerate(pages) if "西岙小学课堂" in text)
    shown = np.asarray(picture[page].render(scale=1).to_pil().convert("RGB")).astype(int)
    picture.close()
    teal = np.abs(shown - (0, 128, 128)).max(axis=2) < 24
    assert teal.mean() > 0.05
    assert (shown.max(axis=2) < 100).sum() > 500  # and there are letters


def _fonts(page):
    """Names of the fonts a page uses; each is embedded."""
    for font in page["/Resources"]["/Font"].values():
        inner = font.get_object()["/DescendantFonts"][0].get_object()
        descriptor = inner["/FontDescriptor"].get_object()
        assert "/FontFile3" in descriptor or "/FontFile2" in descriptor
        yield str(descriptor["/FontName"])


async def test_an_english_casebook_has_english_headings(site, case, book):
    answer = await site.call("GET", "/api/casebook.pdf?year=2025&lang=en", "researcher")
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(await answer.read())).pages]
    assert "Contents" in pages[2]
    assert "Background and question" in "".join(pages)
