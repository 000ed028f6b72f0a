"""A certificate authority and a server certificate for this machine's own names, good for tests and demos only."""

import argparse
import ipaddress
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from sandbox.common.server import TlsFiles

_LIFETIME = timedelta(days=397)
_NAMES = ("localhost", "127.0.0.1", "::1")


def make_certificates(folder: Path, names: Sequence[str] = _NAMES) -> TlsFiles:
    """Write ``ca.pem``, ``server.pem`` and ``server.key`` into `folder`; the server is good for `names`."""
    folder.mkdir(parents=True, exist_ok=True)
    ca_key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = _name("Sandbox authority")
    ca = _authority(ca_name, ca_key)
    server = _certificate(_name(names[0]), ca_name, server_key.public_key(), ca_key)
    server = server.add_extension(x509.SubjectAlternativeName([_subject(name) for name in names]), critical=False)
    server = server.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    files = TlsFiles(folder / "server.pem", folder / "server.key", folder / "ca.pem")
    _write(folder / "ca.pem", ca.public_bytes(serialization.Encoding.PEM))
    _write(files.cert, server.sign(ca_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    _write(
        files.key,
        server_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    )
    return files


def _authority(name: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    builder = _certificate(name, name, key.public_key(), key)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return builder.add_extension(usage, critical=True).sign(key, hashes.SHA256())


def _certificate(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, issuer_key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder(subject_name=subject, issuer_name=issuer, public_key=key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + _LIFETIME)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _subject(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.chmod(0o600)


def main() -> None:
    """Write the files from the command line: ``python -m sandbox.common.certificates FOLDER``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    make_certificates(folder)
    sys.stdout.write(f"ca.pem, server.pem and server.key are in {folder}\n")


if __name__ == "__main__":
    main()
