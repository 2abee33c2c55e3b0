"""The certificate the server makes itself."""

from __future__ import annotations

import ssl
import stat

from server.tls import ensure_certificate, fingerprint

NOW = 1_790_000_000.0
DAY = 86_400.0


def test_it_is_made_once_and_covers_all_names_and_addresses(tmp_path):
    cert, key, new = ensure_certificate(tmp_path, ["localhost", "box"], ["127.0.0.1", "10.0.0.5", "::1"], NOW)
    assert new
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(cert, key)
    before = fingerprint(cert)
    assert len(before.split(":")) == 32
    again = ensure_certificate(tmp_path, ["localhost"], ["10.0.0.5"], NOW + 700 * DAY)
    assert not again[2]
    assert fingerprint(cert) == before


def test_it_is_renewed_before_it_ends_and_for_a_new_address(tmp_path):
    cert, _, _ = ensure_certificate(tmp_path, ["localhost"], ["127.0.0.1"], NOW)
    first = fingerprint(cert)
    assert ensure_certificate(tmp_path, ["localhost"], ["127.0.0.1"], NOW + 771 * DAY)[2]
    second = fingerprint(cert)
    assert first != second
    assert ensure_certificate(tmp_path, ["localhost"], ["127.0.0.1", "10.1.1.1"], NOW + 771 * DAY)[2]


def test_a_broken_file_is_replaced(tmp_path):
    cert, _, _ = ensure_certificate(tmp_path, ["localhost"], [], NOW)
    cert.write_text("no certificate")
    assert ensure_certificate(tmp_path, ["localhost"], [], NOW)[2]
