"""What `tongke serve` prints for people once it can take a lesson: addresses, and at the first start the accounts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from server.addresses import machine_addresses

if TYPE_CHECKING:
    from server.settings import Settings

FIRST_ACCOUNTS = "first-accounts.txt"


def own_url(settings: Settings) -> str:
    """The address for programs on this machine."""
    scheme = "https" if settings.secure else "http"
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)
    return f"{scheme}://{host}:{settings.port}"


def urls(settings: Settings) -> list[str]:
    """The addresses for people."""
    scheme = "https" if settings.secure else "http"
    if settings.loopback_only:
        return [f"{scheme}://localhost:{settings.port}"]
    hosts = machine_addresses() if settings.host in ("0.0.0.0", "::") else [settings.host]
    return [f"{scheme}://{host}:{settings.port}" for host in hosts]


def media_ports(settings: Settings) -> str:
    """What a firewall has to let through."""
    last = settings.media_port + settings.workers - 1
    return f"{settings.media_port}" if settings.workers == 1 else f"{settings.media_port}–{last}"


def show(settings: Settings) -> None:
    """Print addresses; the accounts too when the web process has just made them."""
    from rich.console import Console
    from rich.table import Table

    console = Console()
    if not console.is_terminal:  # a log or a pipe has no width: nothing may be cut there
        console = Console(width=140)
    console.print()
    console.print("[bold]同课 Tongke[/bold] 已就绪 / is ready")
    for url in urls(settings):
        console.print(f"  [bold cyan]{url}[/bold cyan]", highlight=False)
    if settings.secure and settings.tls_cert is not None and settings.tls_cert.parent == settings.data / "tls":
        from server.tls import fingerprint

        console.print("  自签证书 SHA-256 指纹 / fingerprint of the self-made certificate:")
        console.print(f"  {fingerprint(settings.tls_cert)}", highlight=False, soft_wrap=True)
    console.print(f"  媒体端口 / media ports: {media_ports(settings)} (UDP, TCP)", highlight=False)
    accounts = take_new_accounts(settings)
    file = settings.data / FIRST_ACCOUNTS
    if accounts:
        table = Table(pad_edge=False)
        for title, keep in (("账号 username", True), ("密码/码 password", True), ("角色 role", True),
                            ("姓名 name", False), ("学校 school", False)):  # fmt: skip
            table.add_column(title, no_wrap=keep, overflow="fold")
        for row in accounts:
            table.add_row(row["username"], row["secret"], row["role"], row["name"], row["school"])
        console.print(table)
    if file.exists():
        console.print(
            f"  示范账号存放在 {file}，记下后可以删除 / the sample accounts, delete the file when noted",
            highlight=False,
            soft_wrap=True,
        )
    console.print("  改密码 tongke passwd 用户名 · 演示 tongke demo · 停止 Ctrl-C", highlight=False)
    console.print()


def take_new_accounts(settings: Settings) -> list[dict[str, Any]]:
    """The accounts the first start made, handed over once in `{data}/run/accounts.json` and removed there."""
    path = settings.run_dir / "accounts.json"
    try:
        rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    path.unlink(missing_ok=True)
    return rows
