"""`tongke evaluate`: both papers from a rule file and a facts file, without a server."""

from __future__ import annotations

import json
import sys
from pathlib import Path  # noqa: TC003 (typer reads the annotations)
from typing import Annotated, NoReturn

import typer


def evaluate(
    rules: Annotated[Path, typer.Option("--rules", help="规则文件 TOML / the rule file")],
    facts: Annotated[Path, typer.Option("--facts", help="事实文件 JSON，- 表示标准输入 / the facts file, - for stdin")],
    level: Annotated[str, typer.Option("--level", help="county 县 | city 市")],
    format: Annotated[str, typer.Option("--format", help="table | json")] = "table",
    language: Annotated[str, typer.Option("--language", help="说明的语言 / language of the notes: zh | en")] = "zh",
) -> None:
    """按规则和事实文件计算两张卷子的得分。 / Both papers' scores from a rule file and a facts file."""
    from server.county.config import ConfigError
    from server.county.evaluation.engine import evaluate as score
    from server.county.evaluation.facts import FactsError, read_facts
    from server.county.evaluation.reading import parse_rules
    from server.county.evaluation.report import as_json
    from server.county.evaluation.rules import Level

    _one_of("--level", level, ("county", "city"))
    _one_of("--format", format, ("table", "json"))
    _one_of("--language", language, ("zh", "en"))
    try:
        rule_set = parse_rules(_read(rules), str(rules))
        found = score(rule_set, read_facts(_read(facts), rule_set, Level(level), str(facts)))
    except ConfigError as error:
        _fail(error)
    except FactsError as error:
        _fail("\n".join(f"{facts}: {problem}".removeprefix(f"{facts}: {facts}:") for problem in error.problems))
    if format == "json":
        print(json.dumps(as_json(found, language), ensure_ascii=False, indent=2))
    else:
        _print_table(rule_set.title_en if language == "en" else rule_set.title, found, language)


def _print_table(title: str, found: object, language: str) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    from server.county.evaluation.engine import Evaluation
    from server.county.evaluation.report import table_rows

    assert isinstance(found, Evaluation)
    heads = (
        ("Item", "", "Full", "Score", "Off", "Note") if language == "en" else ("项", "", "满分", "得分", "扣分", "说明")
    )
    table = Table(title=title, box=box.SIMPLE_HEAD, pad_edge=False)
    for index, head in enumerate(heads):
        table.add_column(head, justify="right" if index in (2, 3, 4) else "left", no_wrap=index in (0, 2, 3, 4))
    for row in table_rows(found, language):
        heading = row[0].startswith("paper")
        table.add_row(*row, style="bold" if heading else None)
    Console(width=None if sys.stdout.isatty() else 160).print(table)


def _one_of(option: str, given: str, allowed: tuple[str, ...]) -> None:
    if given not in allowed:
        _fail(f"{option} {given}: 可选 / one of {', '.join(allowed)}")


def _read(path: Path) -> str:
    try:
        return sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        _fail(f"{path}: 读不了 / cannot be read: {problem}")


def _fail(text: object) -> NoReturn:
    print("\n".join(f"tongke evaluate: {line}" for line in str(text).splitlines()), file=sys.stderr)
    raise typer.Exit(2)
