"""A certificate authority of this machine's own, for loopback names only, and the bundle that trusts it."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import certifi
from cryptography import x509

from local.errors import LocalCloudError
from sandbox.common.certificates import make_certificates
from sandbox.common.server import TlsFiles

ENOUGH = timedelta(days=2)


def tls_files(folder: Path) -> TlsFiles:
    """Give the certificate, key and authority for every server on loopback; made when missing or soon to end."""
    files = TlsFiles(folder / "server.pem", folder / "server.key", folder / "ca.pem")
    if all(path and path.exists() for path in (files.cert, files.key, files.ca)) and _lasts(files.cert):
        return files
    return make_certificates(folder)


def trust_bundle(folder: Path) -> Path:
    """Write one PEM file with the public authorities, this machine's own, and those in ``TILLBRIDGE_EXTRA_CA``."""
    tls_files(folder)
    own = [Path(certifi.where()).read_text(), (folder / "ca.pem").read_text()]
    extra = [_pem(Path(name)) for name in os.environ.get("TILLBRIDGE_EXTRA_CA", "").split(os.pathsep) if name]
    bundle = folder / "bundle.pem"
    bundle.write_text("\n".join(own + extra))
    return bundle


def _pem(path: Path) -> str:
    try:
        text = path.read_text()
        x509.load_pem_x509_certificates(text.encode())
    except (OSError, ValueError) as error:
        raise LocalCloudError(
            f"TILLBRIDGE_EXTRA_CA names {path}, which is no readable PEM file of certificates ({error}).",
            remedy="Give the file of the authority that signed the shop's certificate.",
        ) from None
    return text


def _lasts(certificate: Path) -> bool:
    end = x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc
    return end - datetime.now(UTC) > ENOUGH
