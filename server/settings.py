"""Settings: command line over `TONGKE_*` environment over a TOML file over defaults, as one frozen object.

Every process of `tongke serve` gets its settings from the environment the supervisor makes with `Settings.environ`.
"""

from __future__ import annotations

import difflib
import ipaddress
import json
import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "TONGKE_"
# RFC 7065; TURN over DTLS (turns with udp) is nothing that browsers speak
TURN_URL = re.compile(r"turn:[^\s\",?<>@]+(\?transport=(udp|tcp))?|turns:[^\s\",?<>@]+(\?transport=tcp)?")
MOST_WORKERS = 64
VIDEO_CODECS = ("h264", "vp9", "av1", "vp8")
LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")


def cores() -> int:
    """Processors that this process may use; at most as many as there may be workers."""
    return min(len(os.sched_getaffinity(0)), MOST_WORKERS)


class SettingsError(Exception):
    """A setting that cannot be used; the text names where it stands and the fix."""


class Settings(BaseSettings):
    """All settings. Names are the keys of the TOML file; `TONGKE_` + upper case is the environment variable."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", validate_default=False)

    data: Path = Field(Path("var/data"), description="数据目录 / the data folder")
    host: str = Field("127.0.0.1", description="网页地址；非本机地址时自动用 HTTPS / address of the pages")
    port: int = Field(8080, ge=1, le=65535, description="网页端口（TCP） / port of the pages")
    media_port: int = Field(8189, ge=1, le=65535, description="媒体端口（UDP 和 TCP） / media port")
    media_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="媒体候选地址，默认本机全部地址 / media addresses, default all of the machine"
    )
    workers: int = Field(
        default_factory=cores, ge=1, le=MOST_WORKERS, description="媒体进程数，默认每核一个 / media workers"
    )
    spread_load: float = Field(
        0.7, gt=0, le=1, description="媒体进程占一个核到此份额，新的观看者由其他进程承担 / share of a core"
    )
    spread_players: int = Field(
        400, ge=1, description="一节课在一个媒体进程上的观看连接达到此数，新的由其他进程承担 / players of a lesson"
    )
    redis: str | None = Field(None, description="外部 Redis 的网址，默认内嵌 / url of a Redis, default embedded")
    database: str | None = Field(None, description="数据库网址，默认数据目录中的 SQLite / database url")
    tls_cert: Path | None = Field(None, description="证书（PEM） / certificate")
    tls_key: Path | None = Field(None, description="私钥（PEM） / private key")
    turn_urls: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="中继（TURN）的网址，可多个 / urls of the relay, best first"
    )
    turn_secret: SecretStr | None = Field(None, description="与中继共用的密钥 / the secret shared with the relay")
    turn_ttl: int = Field(
        12 * 3600, ge=300, le=7 * 24 * 3600, description="中继凭据有效期（秒） / lifetime of relay credentials"
    )
    storage: str | None = Field(
        None,
        description="录像的对象存储 s3://桶/前缀，默认只在磁盘 / object store of recordings, default the disk alone",
    )
    storage_endpoint: str | None = Field(None, description="对象存储的网址 / its url, where it is not Amazon's")
    storage_region: str = Field("us-east-1", description="对象存储的区域 / its region")
    storage_key_id: str | None = Field(None, description="访问密钥号 / access key id")
    storage_secret: SecretStr | None = Field(None, description="访问密钥 / secret access key")
    storage_keep_hours: float = Field(
        168.0, ge=0.0, description="上传后在磁盘上再保留的小时数 / hours that pieces stay on the disk as well"
    )
    ingest_ranges: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="录播主机的允许地址范围（如 10.20.0.0/16） / networks that room recorders may be pulled from"
    )
    video_codecs: Annotated[tuple[str, ...], NoDecode] = Field(
        ("vp8",),
        description="视频优先用的编码，各端都能播放才用 / codecs of video, best first, where all play it",
    )
    admin_password: SecretStr | None = Field(None, description="首次启动时 admin 的密码 / admin's first password")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="日志级别 / log level")
    log_format: Literal["auto", "console", "json"] = Field("auto", description="日志格式 / log format")
    home: Path = Field(
        Path(__file__).resolve().parent.parent, description="config/ 与 client_web/dist 所在目录 / where these are"
    )

    @field_validator("media_hosts", "turn_urls", "ingest_ranges", "video_codecs", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("turn_urls")
    @classmethod
    def _turn_scheme(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for url in value:
            if not TURN_URL.fullmatch(url):
                raise ValueError(f"{url} is not turn:HOST[:PORT][?transport=udp|tcp] or turns:HOST[:PORT]")
        return value

    @field_validator("ingest_ranges")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for each in value:
            try:
                ipaddress.ip_network(each)
            except ValueError as error:
                raise ValueError(f"{each} is not a network like 10.20.0.0/16: {error}") from None
        return value

    @field_validator("video_codecs")
    @classmethod
    def _known_codecs(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for each in value:
            if each not in VIDEO_CODECS:
                raise ValueError(f"{each} is none of {', '.join(VIDEO_CODECS)}")
        return value

    @field_validator("redis")
    @classmethod
    def _redis_scheme(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must begin with redis://, rediss:// or unix://")
        return value

    @field_validator("database")
    @classmethod
    def _database_scheme(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("sqlite", "postgres")):
            raise ValueError("must be sqlite:///FILE or postgresql://…")
        return value

    @field_validator("storage")
    @classmethod
    def _storage_scheme(cls, value: str | None) -> str | None:
        if value is not None and not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]+(/[^\s?#]*)?", value):
            raise ValueError("must be s3://BUCKET or s3://BUCKET/PREFIX")
        return value

    @model_validator(mode="after")
    def _storage_keys(self) -> Settings:
        if (self.storage_key_id is None) != (self.storage_secret is None):
            raise ValueError("storage_key_id and storage_secret belong together: give both or none")
        return self

    @model_validator(mode="after")
    def _both_or_none(self) -> Settings:
        if (self.tls_cert is None) != (self.tls_key is None):
            raise ValueError("tls_cert and tls_key belong together: give both or none")
        return self

    @model_validator(mode="after")
    def _relay_with_secret(self) -> Settings:
        if bool(self.turn_urls) != (self.turn_secret is not None):
            raise ValueError("turn_urls and turn_secret belong together: give both or none")
        return self

    @model_validator(mode="after")
    def _ports_differ(self) -> Settings:
        if self.port in range(self.media_port, self.media_port + self.workers):  # media listens on TCP too
            raise ValueError("port and media_port must differ (each worker has the next media port)")
        if self.media_port + self.workers > 65536:
            raise ValueError("media_port and workers do not fit: each worker has the next media port, up to 65535")
        return self

    @property
    def run_dir(self) -> Path:
        """Sockets, pid files, what is true only while it runs."""
        return self.data / "run"

    @property
    def recordings_dir(self) -> Path:
        """One folder per recording (docs/protocols.md, section 4)."""
        return self.data / "recordings"

    @property
    def materials_dir(self) -> Path:
        """One file per material of a lesson."""
        return self.data / "materials"

    @property
    def tap_path(self) -> Path:
        """The recorder's socket (docs/protocols.md, section 3)."""
        return self.run_dir / "tap.sock"

    @property
    def database_url(self) -> str:
        """SQLAlchemy's url of the database."""
        return self.database or f"sqlite+aiosqlite:///{self.data.resolve() / 'tongke.db'}"

    @property
    def redis_url(self) -> str:
        """Url of Redis; the embedded one's unless configured."""
        return self.redis or f"unix://{self.run_dir.resolve() / 'redis.sock'}"

    @property
    def client_dist(self) -> Path:
        """The built web client."""
        return self.home / "client_web" / "dist"

    @property
    def config_dir(self) -> Path:
        """Sample county, crediting policies."""
        return self.home / "config"

    @property
    def loopback_only(self) -> bool:
        """Whether only this machine can reach the pages."""
        return self.host in LOOPBACK_HOSTS

    @property
    def secure(self) -> bool:
        """Whether the pages are served over HTTPS."""
        return not self.loopback_only or self.tls_cert is not None

    def environ(self) -> dict[str, str]:
        """The environment variables that make these settings in a child process; no first-start password."""
        found: dict[str, str] = {}
        for name in type(self).model_fields:
            value = getattr(self, name)
            if value is None or name == "admin_password":
                continue
            if isinstance(value, SecretStr):
                value = value.get_secret_value()
            found[PREFIX + name.upper()] = ",".join(value) if isinstance(value, tuple) else str(value)
        return found


def load(overrides: dict[str, Any] | None = None, config: Path | None = None) -> Settings:
    """The settings of this process. `overrides` (command line; None values are left out) win over the environment,
    that over the TOML file `config`. Raises SettingsError."""
    given = {name: value for name, value in (overrides or {}).items() if value is not None and value != ()}
    from_file: dict[str, Any] = {}
    text = ""
    if config is not None:
        text, from_file = _read_toml(config)
        for name, value in from_file.items():
            if name not in given and PREFIX + name.upper() not in os.environ:
                given[name] = value
    try:
        settings = Settings(**given)
    except ValidationError as error:
        raise SettingsError(_explain(error, config if from_file else None, text, from_file, overrides or {})) from None
    return settings.model_copy(update={"data": settings.data.resolve(), "home": settings.home.resolve()})


def _read_toml(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
        values = tomllib.loads(text)
    except OSError as error:
        raise SettingsError(f"{path}: 读不了配置文件 / cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: 不是 TOML / is not TOML: {error}") from None
    for name in values:
        if name not in Settings.model_fields:
            near = difflib.get_close_matches(name, Settings.model_fields, 1)
            fix = f"是否想写 {near[0]}？ / did you mean {near[0]}?" if near else _known()
            raise SettingsError(f"{path}:{_line(text, name)}: 没有设置项 {name} / no such setting. {fix}")
    return text, values


def _known() -> str:
    return "可用 / known: " + ", ".join(Settings.model_fields)


def _line(text: str, name: str) -> int:
    pattern = re.compile(rf"^\s*[\"']?{re.escape(name)}[\"']?\s*[=.]|^\s*\[+\s*{re.escape(name)}\b")
    return next((number for number, line in enumerate(text.splitlines(), 1) if pattern.match(line)), 1)


def _explain(
    error: ValidationError, config: Path | None, text: str, from_file: dict[str, Any], overrides: dict[str, Any]
) -> str:
    """Each problem on a line: where the value came from, what is wrong, in words of the setting."""
    lines = []
    for problem in error.errors(include_url=False, include_input=False):
        # what concerns two settings names the first of them first
        name = str(problem["loc"][0]) if problem["loc"] else problem["msg"].removeprefix("Value error, ").split()[0]
        if overrides.get(name) is not None:
            place = f"--{name.replace('_', '-')}"
        elif PREFIX + name.upper() in os.environ:
            place = f"环境变量 / environment {PREFIX}{name.upper()}"
        elif config is not None and name in from_file:
            place = f"{config}:{_line(text, name)} {name}"
        else:
            place = name
        field = Settings.model_fields.get(name)
        meaning = f"（{field.description}）" if field is not None and field.description else ""
        lines.append(f"{place}{meaning}: {problem['msg']}")
    return "\n".join(lines)


def without_password(url: str) -> str:
    """A url as it may be shown: its password as `***`."""
    masked = re.sub(r"(://[^/@:?#]*):[^@]*@", r"\1:***@", url)
    return re.sub(r"([?&](?:ssl)?password=)[^&#]*", r"\1***", masked)


def secret_of(data: Path) -> str:
    """The installation's signing secret, `{data}/secret.key` (0600), made on first use. Raises OSError."""
    path = data / "secret.key"
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        data.mkdir(parents=True, exist_ok=True)
        # made whole under another name and linked: two processes at once agree on one
        made = data / f"secret.{os.getpid()}"
        descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(os.urandom(32).hex() + "\n")
        try:
            os.link(made, path)
        except FileExistsError:
            pass
        finally:
            made.unlink()
        return path.read_text(encoding="ascii").strip()


def read_serving(data: Path) -> dict[str, Any] | None:
    """`{data}/run/serve.json` of a running server (`url`, `pid`, …), or None when none runs there."""
    try:
        serving: dict[str, Any] = json.loads((data / "run" / "serve.json").read_text(encoding="utf-8"))
        os.kill(int(serving["pid"]), 0)
    except (OSError, ValueError, KeyError):
        return None
    return serving
