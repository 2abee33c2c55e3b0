"""What people type: `tongke serve | demo | evaluate | audit | backup | restore | token | passwd | version …`."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from server import cli_audit, cli_backup, cli_evaluate, logs
from server.backup import swap
from server.settings import Settings, SettingsError, load

app = typer.Typer(
    name="tongke",
    help="同课：城乡同步课堂，实时授课、录制、核验、计入。 / Live two-way lessons for rural schools.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(cli_evaluate.evaluate)
app.command()(cli_audit.audit)
app.command()(cli_backup.backup)
app.command()(cli_backup.restore)

Data = Annotated[Path | None, typer.Option("--data", help="数据目录（默认 var/data） / the data folder")]
Config = Annotated[Path | None, typer.Option("--config", help="TOML 配置文件 / a TOML file of settings")]


def fail(text: object) -> NoReturn:
    """What is wrong, on standard error; exit code 2."""
    print(f"tongke: {text}", file=sys.stderr)
    raise typer.Exit(2)


def given_settings(overrides: dict[str, Any], config: Path | None = None) -> Settings:
    """The settings, or this command's failure."""
    try:
        return load(overrides, config)
    except SettingsError as error:
        fail(error)


@app.command()
def serve(
    data: Data = None,
    host: Annotated[str | None, typer.Option(help="网页地址（默认 127.0.0.1）；其他地址自动用 HTTPS / address")] = None,
    port: Annotated[int | None, typer.Option(help="网页端口 TCP（默认 8080） / port of the pages")] = None,
    media_port: Annotated[int | None, typer.Option(help="媒体端口 UDP（默认 8189） / media port")] = None,
    media_host: Annotated[
        list[str] | None, typer.Option(help="媒体候选地址，可重复（默认本机全部） / media address, repeatable")
    ] = None,
    ingest_range: Annotated[
        list[str] | None, typer.Option(help="录播主机的允许范围，如 10.20.0.0/16，可重复 / network of room recorders")
    ] = None,
    workers: Annotated[int | None, typer.Option(help="媒体进程数（默认每核一个） / media workers")] = None,
    redis: Annotated[str | None, typer.Option(help="外部 Redis 网址（默认内嵌） / url of a Redis")] = None,
    database: Annotated[str | None, typer.Option(help="数据库网址（默认 SQLite） / url of a database")] = None,
    tls_cert: Annotated[Path | None, typer.Option(help="证书 PEM / certificate")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="私钥 PEM / private key")] = None,
    config: Config = None,
) -> None:
    """启动全部服务，直到 Ctrl-C 或 SIGTERM。 / Run everything until Ctrl-C or SIGTERM."""
    settings = given_settings(
        {
            "data": data,
            "host": host,
            "port": port,
            "media_port": media_port,
            "media_hosts": tuple(media_host or ()),
            "ingest_ranges": tuple(ingest_range or ()),
            "workers": workers,
            "redis": redis,
            "database": database,
            "tls_cert": tls_cert,
            "tls_key": tls_key,
        },
        config,
    )
    logs.configure("serve", settings.log_level, settings.log_format)
    from server.supervisor import serve as run

    try:
        asyncio.run(run(settings))
    except SettingsError as error:
        fail(error)


@app.command()
def demo(
    data: Data = None,
    url: Annotated[str | None, typer.Option(help="已在运行的服务的网址 / a running server")] = None,
    token: Annotated[str | None, typer.Option(help="那台服务的管理员令牌 / an administrator's token there")] = None,
    seconds: Annotated[
        int,
        typer.Option(
            min=50, max=3600, help="课长（秒） / length of the lesson; four fifths of the planned minute count"
        ),
    ] = 60,
    config: Config = None,
) -> None:
    """用生成的画面和声音上完整一课：直播、录制、核验、计入。 / A whole lesson with generated media."""
    settings = given_settings({"data": data}, config)
    logs.configure("demo", "warning", settings.log_format)
    from server.demo import DemoFailed, run

    try:
        asyncio.run(run(settings, url=url, token=token, seconds=seconds))
    except (DemoFailed, SettingsError) as error:
        print(f"tongke demo: {error}", file=sys.stderr)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


@app.command()
def token(
    data: Data = None,
    user: Annotated[str | None, typer.Option(help="为该账号发会话令牌 / a session token of this account")] = None,
    lesson: Annotated[str | None, typer.Option(help="为这节课发媒体令牌 / a media token of this lesson")] = None,
    role: Annotated[str, typer.Option(help="teacher | classroom | observer")] = "observer",
    school: Annotated[str | None, typer.Option(help="受援学校 id（role=classroom） / receiving school")] = None,
    config: Config = None,
) -> None:
    """发一个令牌：--user 账号，或 --lesson 课。 / Print a token, for a user or for one lesson."""
    if (user is None) == (lesson is None):
        fail("--user 与 --lesson 给且只给一个 / give either --user or --lesson")
    settings = existing(data, config)
    from server import bootstrap

    if user is not None:
        print(_tried(bootstrap.issue_session(settings, user)))
    else:
        print(_tried(bootstrap.issue_media_token(settings, str(lesson), role, school)))


@app.command()
def passwd(
    username: Annotated[str, typer.Argument(help="账号 / the account")],
    data: Data = None,
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="从标准输入读 / read it from stdin")] = False,
    config: Config = None,
) -> None:
    """设置一个账号的密码（服务运行时也可以）。 / Set an account's password, also while the server runs."""
    settings = existing(data, config)
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = typer.prompt("新密码 / new password", hide_input=True, confirmation_prompt="再输一次 / again")
    from server import bootstrap

    _tried(bootstrap.set_password(settings, username, password))
    print(f"{username}: 密码已设置，原有登录已退出 / password set, sessions ended")


@app.command()
def openapi() -> None:
    """打印 OpenAPI 文档。 / Print the OpenAPI document of all routes."""
    from server import bootstrap

    print(json.dumps(bootstrap.openapi_document(), ensure_ascii=False, indent=2))


@app.command()
def version() -> None:
    """打印版本。 / Print the version."""
    print(installed_version("tongke"))


def existing(data: Path | None, config: Path | None, database: str | None = None) -> Settings:
    """Settings of a data folder that has been served from before."""
    settings = given_settings({"data": data, "database": database}, config)
    logs.configure("tongke", "warning", settings.log_format)
    if not (settings.data / "secret.key").exists():
        fail(f"--data {settings.data}: 这里还没有启动过服务 / no server has been started here yet")
    if swap.read(settings.data) is not None:
        fail(f"--data {settings.data}: 恢复中断，请先启动服务 / a restore was interrupted, tongke serve ends it")
    return settings


def _tried(work: Any) -> Any:  # noqa: ANN401 (whatever the command asks for)
    """The coroutine's result; a refusal of the county becomes this command's failure."""
    from server.county.errors import CountyError

    with contextlib.suppress(KeyboardInterrupt):
        try:
            return asyncio.run(work)
        except CountyError as error:
            fail(f"{error.detail} / {error.detail_en}")
        except SettingsError as error:
            fail(error)
    raise typer.Exit(130)
