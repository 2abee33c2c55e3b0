"""Relay credentials are those that coturn's `use-auth-secret` computes, and nothing can be smuggled into them."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from server.live.ice_servers import IceServers

URLS = ("turn:turn.example:3478?transport=udp", "turns:turn.example:443?transport=tcp")


def test_credentials_are_made_of_secret_expiry_and_name():
    relays = IceServers(URLS, "hush", 3600, lambda: 1_000_000.5).relays_for("classroom-s11")
    assert relays.username == "1003600:classroom-s11"
    assert base64.b64decode(relays.credential) == hmac.new(b"hush", b"1003600:classroom-s11", hashlib.sha1).digest()
    assert (relays.urls, relays.expires_at) == (URLS, 1_003_600.0)


def test_each_address_is_a_link_of_its_own():
    relays = IceServers(URLS, "hush", 3600, lambda: 0.0).relays_for("teacher")
    assert [link.partition(";")[0] for link in relays.links()] == [f"<{url}>" for url in URLS]
    assert all('rel="ice-server"' in link and f'credential="{relays.credential}"' in link for link in relays.links())


@pytest.mark.parametrize(("urls", "secret"), [((), "hush"), (URLS, "")])
def test_what_is_not_configured_is_not_offered(urls, secret):
    relays = IceServers(urls, secret, 3600, lambda: 0.0).relays_for("teacher")
    assert relays.urls == ()
    assert relays.links() == []


def test_a_name_cannot_leave_its_place():
    relays = IceServers(URLS, "hush", 60, lambda: 0.0).relays_for('x" ; rel="next\r\n:@')
    assert relays.username == "60:x----rel--next----"
