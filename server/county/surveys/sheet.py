"""The question sheet of a survey. Pure.

Two kinds of questions: a scale of five fixed steps, and a choice among given options. Exactly one scale question asks
for the overall judgement: the satisfaction rate is its share of "very satisfied" and "satisfied". There is no free
text: handwriting has a voice, and in a class of eight everybody knows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ..config import ConfigError, Table, parse_toml, text_of
from ..errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping


class Audience(StrEnum):
    """Who is asked: the four kinds of satisfaction of the evaluation (annex 4, paper 2, section 1)."""

    PUPILS = "pupils"
    TEACHERS = "teachers"
    PARENTS = "parents"
    SOCIETY = "society"


AUDIENCE_NAMES: Mapping[Audience, tuple[str, str]] = {
    Audience.PUPILS: ("学生", "pupils"),
    Audience.TEACHERS: ("教师", "teachers"),
    Audience.PARENTS: ("家长", "parents"),
    Audience.SOCIETY: ("社会", "society"),
}
STEPS: tuple[tuple[str, str], ...] = (
    ("很满意", "Very satisfied"),
    ("满意", "Satisfied"),
    ("一般", "Neither"),
    ("不满意", "Dissatisfied"),
    ("很不满意", "Very dissatisfied"),
)
SATISFIED = 2  # the first two steps
MOST_QUESTIONS, LEAST_OPTIONS, MOST_OPTIONS, MOST_TEXT = 20, 2, 8, 200


class QuestionKind(StrEnum):
    """How a question is answered."""

    SCALE = "scale"  # STEPS
    CHOICE = "choice"  # one of its own options


@dataclass(frozen=True, slots=True)
class Question:
    """One question; texts are Chinese and English. `options`: (Chinese, English), empty for a scale."""

    id: str
    text: str
    text_en: str
    kind: QuestionKind = QuestionKind.SCALE
    overall: bool = False
    options: tuple[tuple[str, str], ...] = ()

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """What can be chosen, in order; an answer is an index into it."""
        return STEPS if self.kind is QuestionKind.SCALE else self.options


@dataclass(frozen=True, slots=True)
class Sheet:
    """One version of the questions for an audience."""

    intro: str
    intro_en: str
    questions: tuple[Question, ...]

    @property
    def overall(self) -> Question:
        """The question that the satisfaction rate is taken from."""
        return next(question for question in self.questions if question.overall)


def check_sheet(sheet: Sheet) -> Sheet:
    """The sheet, if it can be used. Raises Invalid, saying what to mend."""
    if not 1 <= len(sheet.questions) <= MOST_QUESTIONS:
        raise Invalid(
            "bad_questions",
            f"问卷应有 1 到 {MOST_QUESTIONS} 个问题。",
            f"A sheet has 1 to {MOST_QUESTIONS} questions.",
        )
    overall = [question for question in sheet.questions if question.overall]
    if len(overall) != 1 or overall[0].kind is not QuestionKind.SCALE:
        raise Invalid(
            "bad_overall",
            "应有且只有一个满意度问题作为总体评价，满意率由它计算。",
            "Exactly one scale question must be the overall one: the rate is taken from it.",
        )
    if len({question.id for question in sheet.questions}) != len(sheet.questions):
        raise Invalid("bad_ids", "问题的编号不能重复。", "Ids of questions must differ.")
    for question in sheet.questions:
        _check_question(question)
    return sheet


def _check_question(question: Question) -> None:
    texts = [question.text, question.text_en, *(text for option in question.options for text in option)]
    if any(not 1 <= len(text.strip()) <= MOST_TEXT for text in texts):
        raise Invalid(
            "bad_text",
            f"每个问题和选项都要写中文和英文，最多 {MOST_TEXT} 字。",
            f"Every question and option needs a Chinese and an English text of at most {MOST_TEXT} characters.",
        )
    wanted = question.kind is QuestionKind.CHOICE
    if (wanted and not LEAST_OPTIONS <= len(question.options) <= MOST_OPTIONS) or (not wanted and question.options):
        raise Invalid(
            "bad_options",
            f"“{question.text}”：单选题应有 {LEAST_OPTIONS} 到 {MOST_OPTIONS} 个选项，满意度题没有自己的选项。",
            f"“{question.text_en}”: a choice has {LEAST_OPTIONS} to {MOST_OPTIONS} options, a scale none of its own.",
        )


def check_answers(sheet: Sheet, answers: Mapping[str, int]) -> dict[str, int]:
    """One index per question, as it may be counted. Raises Invalid.

    Every question is answered: so all questions of a group have the same number of answers, and none of them is small
    where the group is not.
    """
    questions = {question.id: question for question in sheet.questions}
    if answers.keys() != questions.keys():
        raise Invalid("unanswered", "请回答所有问题。", "Please answer every question.")
    for name, choice in answers.items():
        if not 0 <= choice < len(questions[name].choices):
            raise Invalid("bad_choice", "没有这个选项。", "There is no such option.")
    return dict(answers)


def sheet_of(body: Mapping[str, Any]) -> Sheet:
    """From its JSON (`dataclasses.asdict`), as rows and requests hold it."""
    return Sheet(
        body["intro"],
        body["intro_en"],
        tuple(
            Question(
                one["id"],
                one["text"],
                one["text_en"],
                QuestionKind(one["kind"]),
                one["overall"],
                tuple((zh, en) for zh, en in one["options"]),
            )
            for one in body["questions"]
        ),
    )


def parse_sheets(text: str, file: str = "surveys.toml") -> Mapping[Audience, Sheet]:
    """The first version of each audience's sheet. Raises ConfigError naming file, line and key."""
    body = parse_toml(text, file)
    if body.keys() != {audience.value for audience in Audience}:
        raise ConfigError(file, None, "", f"must have the tables {', '.join(Audience)}")
    return {audience: _sheet(text, file, audience.value, body[audience.value]) for audience in Audience}


def _sheet(text: str, file: str, name: str, body: object) -> Sheet:
    table = Table(text, file, name, body)
    questions = []
    for each in table.get("questions", _tables):
        row = Table(text, file, f"{name}.questions", each)
        questions.append(
            Question(
                row.get("id", text_of),
                row.get("text", text_of),
                row.get("text_en", text_of),
                row.get("kind", QuestionKind),
                bool(row.get("overall", _flag)) if "overall" in each else False,
                tuple(row.get("options", _pairs)) if "options" in each else (),
            )
        )
        row.done()
    sheet = Sheet(table.get("intro", text_of), table.get("intro_en", text_of), tuple(questions))
    table.done()
    try:
        return check_sheet(sheet)
    except Invalid as problem:
        raise ConfigError(file, None, name, problem.detail_en) from None


def _tables(value: object) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
        raise ValueError("must be a list of tables")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _pairs(value: object) -> list[tuple[str, str]]:
    if not isinstance(value, list) or not all(isinstance(one, list) and len(one) == 2 for one in value):
        raise ValueError("must be a list of pairs [Chinese, English]")
    return [(text_of(zh), text_of(en)) for zh, en in value]
