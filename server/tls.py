"""The certificate the server makes itself: browsers give the camera only to secure origins, and a county has no CA."""

from __future__ import annotations

import datetime
import ipaddress
import os
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    from pathlib import Path

# Apple's clients refuse server certificates of more than 825 days, their own users' included.
VALID_DAYS = 800
RENEW_BEFORE_DAYS = 30


def ensure_certificate(folder: Path, names: list[str], addresses: list[str], now: float) -> tuple[Path, Path, bool]:
    """(certificate, key, whether they are new) in `folder`, for all `names` and `addresses`.

    Made when there is none, when it ends within 30 days, or when an address is not in it. Raises OSError.
    """
    cert_path, key_path = folder / "cert.pem", folder / "key.pem"
    moment = datetime.datetime.fromtimestamp(now, datetime.UTC)
    if cert_path.exists() and key_path.exists() and _serves(cert_path, names, addresses, moment):
        return cert_path, key_path, False
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _make(key, names, addresses, moment)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    _write(key_path, pem, 0o600)
    _write(cert_path, certificate.public_bytes(serialization.Encoding.PEM), 0o644)
    return cert_path, key_path, True


def fingerprint(cert_path: Path) -> str:
    """SHA-256 fingerprint in the form browsers show. Raises OSError or ValueError for what is no certificate."""
    certificate = x509.load_pem_x509_certificate(cert_path.read_bytes())
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def _serves(cert_path: Path, names: list[str], addresses: list[str], moment: datetime.datetime) -> bool:
    try:
        certificate = x509.load_pem_x509_certificate(cert_path.read_bytes())
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, x509.ExtensionNotFound):
        return False
    if moment + datetime.timedelta(days=RENEW_BEFORE_DAYS) > certificate.not_valid_after_utc:
        return False
    have = {str(address) for address in found.get_values_for_type(x509.IPAddress)}
    return set(addresses) <= have and set(names) <= set(found.get_values_for_type(x509.DNSName))


def _make(
    key: ec.EllipticCurvePrivateKey, names: list[str], addresses: list[str], moment: datetime.datetime
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tongke")])
    alternatives: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
    alternatives += [x509.IPAddress(ipaddress.ip_address(address)) for address in addresses]
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - datetime.timedelta(days=1))  # clocks in classrooms are late
        .not_valid_after(moment + datetime.timedelta(days=VALID_DAYS))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )


def _write(path: Path, content: bytes, mode: int) -> None:
    part = path.with_suffix(".part")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    part.replace(path)
