"""The supervisor's decisions: when to start again, who holds the data folder, which port is taken."""

from __future__ import annotations

import fcntl
import os
import socket

import pytest

from server import supervisor_checks
from server.settings import SettingsError, load
from server.supervisor_child import RestartPolicy
from server.supervisor_screen import media_ports, own_url, urls


def test_the_first_deaths_are_answered_at_once_then_pauses_grow_to_five_seconds():
    policy, now = RestartPolicy(), 100.0
    pauses = []
    for _ in range(9):
        policy.started(now)
        now += 0.1
        pauses.append(policy.died(now))
    assert pauses == [0, 0, 0, 0.5, 1, 2, 4, 5, 5]


def test_a_long_life_clears_the_record():
    policy = RestartPolicy()
    for _ in range(6):
        policy.started(0.0)
        policy.died(1.0)
    policy.started(10.0)
    assert policy.died(50.0) == 0


def test_a_second_server_on_a_data_folder_is_told_who_holds_it(tmp_path):
    settings = load({"data": tmp_path / "data"})
    lock = supervisor_checks.lock_data(settings)
    with pytest.raises(SettingsError, match=rf"pid {os.getpid()}"):
        supervisor_checks.lock_data(settings)
    fcntl.flock(lock, fcntl.LOCK_UN)
    os.close(lock)
    os.close(supervisor_checks.lock_data(settings))


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="--data"):
        supervisor_checks.lock_data(load({"data": tmp_path / "file" / "data"}))


@pytest.mark.parametrize(
    ("kind", "option", "name"),
    [(socket.SOCK_STREAM, "port", "--port"), (socket.SOCK_DGRAM, "media_port", "--media-port")],
)
def test_a_taken_port_is_named_with_its_setting(tmp_path, kind, option, name):
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind(("127.0.0.1", 0))
        if kind == socket.SOCK_STREAM:
            taken.listen()
        free = {
            "port": supervisor_checks.free_port(socket.SOCK_STREAM),
            "media_port": supervisor_checks.free_port(socket.SOCK_DGRAM, following=1),
            "workers": 2,
        }
        settings = load({"data": tmp_path, "media_hosts": ("127.0.0.1",), **free, option: taken.getsockname()[1]})
        with pytest.raises(SettingsError, match=f"{name} .*(占用|in use)"):
            supervisor_checks.check_ports(settings)
    supervisor_checks.check_ports(settings)


def test_an_address_of_another_machine_is_named(tmp_path):
    settings = load({"data": tmp_path, "host": "192.0.2.1"})
    with pytest.raises(SettingsError, match="--host"):
        supervisor_checks.check_ports(settings)


def test_a_media_address_that_a_router_maps_need_not_be_this_machines(tmp_path):
    free = {
        "port": supervisor_checks.free_port(socket.SOCK_STREAM),
        "media_port": supervisor_checks.free_port(socket.SOCK_DGRAM),
        "workers": 1,
    }
    supervisor_checks.check_ports(load({"data": tmp_path, "media_hosts": ("192.0.2.1",), **free}))


def test_the_port_of_every_worker_must_be_free(tmp_path):
    first = supervisor_checks.free_port(socket.SOCK_DGRAM, following=3)
    ports = {"port": supervisor_checks.free_port(socket.SOCK_STREAM), "media_port": first, "workers": 4}
    settings = load({"data": tmp_path, "media_hosts": ("127.0.0.1",), **ports})
    supervisor_checks.check_ports(settings)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", first + 3))
        with pytest.raises(SettingsError, match=f"{first + 3}.*(占用|in use)"):
            supervisor_checks.check_ports(settings)


def test_addresses_for_people_and_for_programs(tmp_path):
    settings = load({"data": tmp_path, "port": 8080})
    assert urls(settings) == ["http://localhost:8080"]
    assert own_url(settings) == "http://127.0.0.1:8080"
    everybody = load({"data": tmp_path, "host": "0.0.0.0"})
    assert all(url.startswith("https://") for url in urls(everybody))
    assert own_url(everybody) == "https://127.0.0.1:8080"


def test_the_ports_that_a_firewall_lets_through(tmp_path):
    assert media_ports(load({"data": tmp_path, "media_port": 8189, "workers": 4})) == "8189–8192"
    assert media_ports(load({"data": tmp_path, "media_port": 8189, "workers": 1})) == "8189"
