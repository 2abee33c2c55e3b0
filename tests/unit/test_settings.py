"""Settings come from the command line over the environment over a file, and refusals say where and how to fix."""

from __future__ import annotations

import os
import stat

import pytest

from server.settings import SettingsError, load, read_serving, secret_of


@pytest.fixture(autouse=True)
def no_environment(monkeypatch):
    for name in [name for name in os.environ if name.startswith("TONGKE_")]:
        monkeypatch.delenv(name)


def test_defaults_are_one_machine_alone(tmp_path):
    settings = load({"data": tmp_path})
    assert (settings.host, settings.port, settings.media_port) == ("127.0.0.1", 8080, 8189)
    assert settings.workers == len(os.sched_getaffinity(0))
    assert settings.redis_url == f"unix://{tmp_path}/run/redis.sock"
    assert settings.database_url == f"sqlite+aiosqlite:///{tmp_path}/tongke.db"
    assert not settings.secure
    assert (settings.config_dir / "crediting.toml").exists()


def test_command_line_wins_over_environment_over_file(tmp_path, monkeypatch):
    file = tmp_path / "tongke.toml"
    file.write_text('port = 1001\nmedia_port = 1002\nhost = "0.0.0.0"\nmedia_hosts = ["10.0.0.1"]\n')
    monkeypatch.setenv("TONGKE_PORT", "2001")
    monkeypatch.setenv("TONGKE_MEDIA_PORT", "2002")
    settings = load({"port": 3001, "media_port": None}, file)
    assert (settings.port, settings.media_port, settings.host) == (3001, 2002, "0.0.0.0")
    assert settings.media_hosts == ("10.0.0.1",)
    assert settings.secure


def test_a_child_process_gets_the_same_settings_from_its_environment(tmp_path, monkeypatch):
    relay = {"turn_urls": ("turn:a.example", "turns:a.example:443?transport=tcp"), "turn_secret": "hush"}
    settings = load(
        {"data": tmp_path, "media_hosts": ("10.0.0.1", "::1"), "admin_password": "x" * 10, "port": 99, **relay}
    )
    environ = settings.environ()
    assert "x" * 10 not in environ.values()
    assert environ["TONGKE_TURN_SECRET"] == "hush"
    assert "hush" not in repr(settings)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert load().model_copy(update={"admin_password": settings.admin_password}) == settings


def test_a_wrong_key_names_file_line_and_the_right_one(tmp_path):
    file = tmp_path / "tongke.toml"
    file.write_text('host = "127.0.0.1"\nmediaport = 5\n')
    with pytest.raises(SettingsError, match=rf"{file}:2: .*mediaport.*media_port"):
        load(None, file)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("\nport = 70000\n", ":2 port"),
        ('workers = "many"', ":1 workers"),
        ('redis = "localhost"', "redis://"),
        ('tls_cert = "a.pem"', "tls_cert and tls_key"),
        ("port = 8190\nworkers = 2", "port and media_port must differ"),
        ("media_port = 65535\nworkers = 2", "media_port and workers do not fit"),
        ('turn_urls = "turn:a.example"', "turn_urls and turn_secret"),
        ('turn_secret = "hush"', "turn_urls and turn_secret"),
        ('turn_urls = ["stun:a.example"]\nturn_secret = "hush"', "stun:a.example is not"),
        ('turn_urls = "turn:a.example?transport=sctp"\nturn_secret = "hush"', "is not turn:"),
        ("port = ", "TOML"),
    ],
)
def test_a_wrong_value_in_the_file_names_its_line(tmp_path, text, where):
    file = tmp_path / "tongke.toml"
    file.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load(None, file)
    assert where in str(caught.value)
    assert str(file) in str(caught.value) or " and " in where


def test_a_wrong_environment_variable_and_option_are_named(monkeypatch):
    monkeypatch.setenv("TONGKE_PORT", "http")
    with pytest.raises(SettingsError, match="TONGKE_PORT"):
        load()
    with pytest.raises(SettingsError, match="--port"):
        load({"port": 0})


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SettingsError, match=r"nothing\.toml"):
        load(None, tmp_path / "nothing.toml")


def test_the_secret_is_made_once_and_private(tmp_path):
    secret = secret_of(tmp_path / "new")
    assert len(secret) == 64
    assert secret_of(tmp_path / "new") == secret
    assert stat.S_IMODE((tmp_path / "new" / "secret.key").stat().st_mode) == 0o600


def test_a_server_that_is_gone_is_not_serving(tmp_path):
    assert read_serving(tmp_path) is None
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "serve.json").write_text('{"pid": 4194999, "url": "http://x"}')
    assert read_serving(tmp_path) is None
