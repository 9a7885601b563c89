"""Certificates are judged before a pass: what can be used passes, everything else has its sentence."""

from __future__ import annotations

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from worker.certificates import authorities_problem, client_problem


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture(scope="module")
def mine(authority):
    return authority.issue_cert("worker@acme.example")


def write(folder, *parts):
    """A PEM file of these parts."""
    path = folder / "file.pem"
    path.write_bytes(b"".join(part if isinstance(part, bytes) else part.bytes() for part in parts))
    return path


def locked(leaf):
    """The certificate's key, behind a password."""
    key = load_pem_private_key(leaf.private_key_pem.bytes(), None)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"word"))


def test_what_can_be_used_is_no_problem(tmp_path, authority, mine):
    """A bundle of authorities, and a certificate with its key in one file, in either order."""
    assert authorities_problem(write(tmp_path, authority.cert_pem, trustme.CA().cert_pem)) is None
    chain = mine.cert_chain_pems[0]
    assert client_problem(write(tmp_path, mine.private_key_pem, chain)) is None
    assert client_problem(write(tmp_path, chain, mine.private_key_pem)) is None


def test_a_folder_needs_its_hashes(tmp_path, authority):
    """OpenSSL finds authorities in a folder by hash only, so a folder without hashes trusts nobody."""
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    assert authorities_problem(tmp_path) == (
        f"names the folder {tmp_path}, where no authority can be found; run `openssl rehash {tmp_path}`, or name a PEM file"
    )
    (tmp_path / "0a1b2c3d.0").symlink_to(tmp_path / "ca.pem")
    assert authorities_problem(tmp_path) is None


def test_a_bundle_that_is_none(tmp_path, mine):
    """A file that is missing, empty or something else is told apart from one that is fine."""
    assert "which is not there" in authorities_problem(tmp_path / "none.pem")
    for content in (b"", b"token", mine.private_key_pem):
        assert "which holds no certificate; write" in authorities_problem(write(tmp_path, content))


def test_a_client_certificate_that_cannot_be_used(tmp_path, authority, mine):
    """A missing file, a missing key or certificate, another's key, and a key behind a password each have a sentence."""
    chain, other = mine.cert_chain_pems[0], authority.issue_cert("other@acme.example")
    assert "which is not there" in client_problem(tmp_path / "none.pem")
    for parts in ((chain,), (mine.private_key_pem,), (b"",)):
        assert "does not hold a certificate and its key" in client_problem(write(tmp_path, *parts))
    assert "whose key belongs to another certificate" in client_problem(write(tmp_path, chain, other.private_key_pem))
    assert "whose key asks for a password" in client_problem(write(tmp_path, chain, locked(mine)))
