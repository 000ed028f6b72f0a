import ssl
from pathlib import Path

import pytest

from local.ca import tls_files, trust_bundle
from local.errors import LocalCloudError


def test_the_certificate_is_kept_as_long_as_it_lasts(tmp_path: Path) -> None:
    first = tls_files(tmp_path).cert.read_bytes()
    assert tls_files(tmp_path).cert.read_bytes() == first


def test_a_certificate_that_ends_soon_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = tls_files(tmp_path).cert.read_bytes()
    monkeypatch.setattr("local.ca.ENOUGH", __import__("datetime").timedelta(days=10_000))
    assert tls_files(tmp_path).cert.read_bytes() != first


def test_the_bundle_trusts_the_public_and_our_own_authority(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(trust_bundle(tmp_path))
    names = [dict(pair[0] for pair in authority["subject"]).get("commonName") for authority in context.get_ca_certs()]  # type: ignore[misc]
    assert "Sandbox authority" in names
    assert len(names) > 50


def test_a_given_authority_joins_the_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tls_files(tmp_path / "other").ca
    assert other is not None
    monkeypatch.setenv("TILLBRIDGE_EXTRA_CA", str(other))
    assert other.read_text() in trust_bundle(tmp_path).read_text()


@pytest.mark.parametrize("content", [None, b"no certificate", b"\xff\xfe"])
def test_what_is_no_certificate_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:  # invariant 7
    given = tmp_path / "shop-ca.pem"
    if content is not None:
        given.write_bytes(content)
    monkeypatch.setenv("TILLBRIDGE_EXTRA_CA", str(given))
    with pytest.raises(LocalCloudError, match=r"TILLBRIDGE_EXTRA_CA names .*shop-ca\.pem"):
        trust_bundle(tmp_path / "ca")
