"""Which ways to the media are open behind firewalls and NATs, as the page's own network test tells it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from tests.e2e.conftest import CHROMIUM_ARGS, SHOTS
from tests.e2e.people import login
from tests.fakes.serving import Serve
from tests.netns.network import SERVER, SERVER_6, Client, Network
from tests.netns.relay import SECRET, Relay

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

OUTER = "203.0.113.7"  # what a router maps to the server
KINDS = ("udp", "tcp", "turnUdp", "turnTcp", "turnTls")
DECIDED = 40_000  # ms: a way that is shut takes 10 s, a busy machine more
MEASURED = 60_000  # ms

pytestmark = pytest.mark.timeout(240)  # the first one also starts the server, the relay and a browser


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    with Network(seed=6, school=("cable",)) as made:
        yield made


@pytest.fixture
def school(network: Network) -> Iterator[Client]:
    client = network.clients["school"]
    yield client
    client.open_firewall()
    client.namespace.run("iptables", "-w", "-t", "nat", "-F")
    client.use(client.way)


@pytest.fixture(scope="module")
def relay(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    with Relay(tmp_path_factory.mktemp("relay")) as made:
        yield made


@pytest.fixture(scope="module")
def serve(relay: Relay, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """Pages on 443, media on the server's IPv4 and IPv6 address, and the relay."""
    folder = tmp_path_factory.mktemp("serve")
    with serving(folder, SERVER, SERVER_6, relay=relay, port=443) as server:
        yield server


@contextlib.contextmanager
def serving(folder: Path, *addresses: str, relay: Relay | None = None, port: int | None = None) -> Iterator[Serve]:
    media = [part for address in addresses for part in ("--media-host", address)]
    more = ["--config", str(relay.config)] if relay else []
    server = Serve(folder / "data", *media, *more, host=SERVER, port=port)
    try:
        yield server.start()
    finally:
        server.stop()
    assert server.troubles() == []
    assert SECRET not in server.log()


@pytest.fixture(scope="module")
def village(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser in the school."""
    path = os.environ.get("TONGKE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is not installed: apt-get install chromium, or name it in TONGKE_CHROMIUM"
    starter = tmp_path_factory.mktemp("village") / "chromium"
    prefix = " ".join(network.clients["school"].namespace.prefix)
    starter.write_text(f'#!/bin/sh\nexec {prefix} {path} "$@"\n')
    starter.chmod(0o755)
    with sync_playwright() as playwright:
        arguments = [*CHROMIUM_ARGS, "--ignore-certificate-errors"]
        browser = playwright.chromium.launch(executable_path=starter, headless=True, args=arguments)
        yield browser
        browser.close()


def open_test(browser: Browser, server: Serve) -> Page:
    context = browser.new_context(viewport={"width": 1920, "height": 1080}, locale="zh-CN", ignore_https_errors=True)
    context.set_default_timeout(30_000)
    page = context.new_page()
    login(page, server, *server.account(server.admin(), "teacher"))
    page.goto(f"{server.base}/network-test")
    return page


def decided(page: Page) -> dict[str, str | None]:
    """Starts the test and waits until it is known which ways are open."""
    page.get_by_test_id("network-start").click()
    page.wait_for_function(
        "() => document.querySelectorAll('[data-testid^=way-]:is([data-state=works],[data-state=blocked],"
        "[data-state=absent])').length === 5",
        timeout=DECIDED,
    )
    return {kind: page.get_by_test_id(f"way-{kind}").get_attribute("data-state") for kind in KINDS}


def finished(page: Page) -> str:
    """Waits for the verdict; the details' text."""
    page.wait_for_function(
        "() => document.querySelector('[data-testid=network-verdict]')?.dataset.verdict", timeout=MEASURED
    )
    return page.get_by_test_id("network-details").inner_text()


def states(*works: str) -> dict[str, str]:
    return {kind: "works" if kind in works else "blocked" for kind in KINDS}


def test_without_a_firewall_all_five_ways_are_open(village: Browser, serve: Serve, school: Client) -> None:
    page = open_test(village, serve)
    assert decided(page) == states(*KINDS)
    page.get_by_test_id("network-stop").click()
    page.context.close()


def test_where_udp_is_blocked_those_by_tcp_are_open(village: Browser, serve: Serve, school: Client) -> None:
    page = open_test(village, serve)
    school.block_udp()
    assert decided(page) == states("tcp", "turnTcp", "turnTls")
    details = finished(page)
    assert page.get_by_test_id("network-verdict").get_attribute("data-verdict") == "tcp"
    assert re.search(
        rf"TCP direct: open in \d+ ms, tcp \w+ → (\[{SERVER_6}\]|{SERVER}):{serve.any_media_port}", details
    )
    page.context.close()


def test_where_only_443_is_open_the_relay_over_tls_is(village: Browser, serve: Serve, school: Client) -> None:
    page = open_test(village, serve)
    school.only_443()
    assert decided(page) == states("turnTls")
    details = finished(page)
    assert page.get_by_test_id("network-verdict").get_attribute("data-verdict") == "relay443"
    assert re.search(r"TURN over TLS: open in \d+ ms, tls relay", details)
    assert re.search(r"Down: [1-9]\d+ kbit/s", details)
    assert re.search(rf"UDP direct: shut \(\w+: .*{SERVER}:{serve.any_media_port}", details)
    assert page.get_by_test_id("network-advice").is_visible()
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SHOTS / "network-test-443.png")
    page.context.close()


def test_a_school_behind_a_nat_comes_directly(village: Browser, serve: Serve, network: Network, school: Client) -> None:
    school.masquerade()
    page = open_test(village, serve)
    # Chromium refuses TCP from an address that is not its interface's: so a client that is its own NAT has no TCP here
    assert decided(page)["udp"] == "works"
    page.get_by_test_id("network-stop").click()
    page.context.close()


def test_a_server_behind_a_one_to_one_nat_is_found_at_its_outer_address(
    village: Browser, network: Network, tmp_path: Path, school: Client
) -> None:
    network.server.run("iptables", "-w", "-t", "nat", "-A", "PREROUTING", "-d", OUTER, "-j", "DNAT", "--to", SERVER)
    with serving(tmp_path, OUTER) as server:
        page = open_test(village, server)
        found = decided(page)
        assert (found["udp"], found["tcp"]) == ("works", "works")
        assert re.search(rf"{OUTER}:{server.any_media_port}", finished(page))
        page.context.close()


def test_media_comes_by_ipv6_where_that_is_what_there_is(
    village: Browser, tmp_path: Path, network: Network, school: Client
) -> None:
    with serving(tmp_path, SERVER_6) as server:
        page = open_test(village, server)
        found = decided(page)
        assert (found["udp"], found["tcp"]) == ("works", "works")
        assert re.search(rf"\[{SERVER_6}\]:{server.any_media_port}", finished(page))
        page.context.close()
