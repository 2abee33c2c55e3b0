"""`tongke audit`: ledger and frozen evaluations computed again; a line per difference; exit code 1 if there is any."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path  # noqa: TC003 (typer reads the annotations)
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from server.county.audit.findings import Difference

NICE = 15  # of a run that nobody waits for: lessons go first


def audit(
    data: Annotated[Path | None, typer.Option("--data", help="数据目录（默认 var/data） / the data folder")] = None,
    format: Annotated[str, typer.Option("--format", help="text | json")] = "text",
    key: Annotated[str | None, typer.Option("--key", help="同一个键只做一次 / done once per key", hidden=True)] = None,
    by: Annotated[str, typer.Option("--by", help="由谁 / by whom", hidden=True)] = "tongke audit",
    background: Annotated[bool, typer.Option("--background", help="低优先级 / at low priority")] = False,
    config: Annotated[Path | None, typer.Option("--config", help="TOML 配置文件 / a TOML file of settings")] = None,
) -> None:
    """用保存的证据重新计算全部计入和存档的评价，列出每处不符。 / Compute ledger and frozen evaluations again."""
    from server import bootstrap, cli

    settings = cli.existing(data, config)
    if format not in ("text", "json"):
        cli.fail(f"--format {format}: 可选 / one of text, json")
    if background:
        os.nice(NICE)

    def tell(difference: Difference) -> None:
        body = difference.as_dict()
        line = json.dumps(body, ensure_ascii=False) if format == "json" else _line(body)
        print(line, flush=True)

    run = asyncio.run(bootstrap.audit(settings, by, key, tell))
    if run is None:  # another process has it
        return
    if format == "text":
        zh = f"{run.lessons} 节课、{run.entries} 笔台账、{run.evaluations} 份存档已重新计算，{run.found} 处不符。"
        print(f"{zh} / {run.found} differences in {run.lessons} lessons.", file=sys.stderr)
    raise typer.Exit(1 if run.found else 0)


def _line(body: dict[str, str]) -> str:
    return f"{body['about']} {body['id']} {body['code']}: {body['text']} / {body['text_en']}"
