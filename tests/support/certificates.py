"""A certification authority of a test's own, its clients' certificates, and how a proxy passes them on."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "a-secret-of-the-proxy-and-the-platform"


@dataclass
class Client:
    """A client's certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.certificate.public_bytes(serialization.Encoding.DER)).hexdigest()

    @property
    def headers(self) -> dict[str, str]:
        """What our proxy says of it."""
        return {
            "HTTP_X_RELAIS_CERTIFICATE": quote(self.pem.decode()),
            "HTTP_X_RELAIS_CERTIFICATE_VERIFIED": "SUCCESS",
            "HTTP_X_RELAIS_PROXY_SECRET": SECRET,
        }

    def write(self, folder: Path) -> tuple[str, str]:
        """Write certificate and key; return their paths."""
        certificate, key = folder / f"{self.fingerprint}.pem", folder / f"{self.fingerprint}.key"
        certificate.write_bytes(self.pem)
        key.write_bytes(
            self.key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return str(certificate), str(key)


class Authority:
    """Issues certificates to people."""

    def __init__(self, name: str = "Test CA") -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = self._sign(self.name, self.key.public_key(), ca=True, days=2)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def issue(self, holder: str = "Anne Exemple", *, days: float = 1) -> Client:
        """Issue one; with negative ``days`` it has run out."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Fabrique SA"),
                x509.NameAttribute(NameOID.COMMON_NAME, holder),
            ]
        )
        return Client(self._sign(name, key.public_key(), ca=False, days=days), key)

    def _sign(
        self, subject: x509.Name, public: ec.EllipticCurvePublicKey, *, ca: bool, days: float
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=30))
            .not_valid_after(now + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .sign(self.key, hashes.SHA256())
        )
