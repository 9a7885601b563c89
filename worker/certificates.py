"""Judges the files with certificates before a pass begins: whether they are there, and what they should be."""

from __future__ import annotations

import re
import ssl
from pathlib import Path

_HASHED = re.compile(r"[0-9a-f]{8}\.\d+")
"""How OpenSSL finds an authority in a folder: by the hash of its name."""


def authorities_problem(path: Path) -> str | None:
    """What is wrong with a file or folder of authorities: the rest of a sentence that begins with the variable."""
    if path.is_dir():
        if any(_HASHED.fullmatch(each.name) for each in path.iterdir()):
            return None
        return (
            f"names the folder {path}, where no authority can be found; run `openssl rehash {path}`, or name a PEM file"
        )
    if not path.is_file():
        return f"names {path}, which is not there; name a PEM file, or leave it out"
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=path)
    except ssl.SSLError:
        return f"names {path}, which holds no certificate; write the authorities into it in PEM form"
    except OSError as error:
        return f"names {path}, which cannot be read ({error.strerror}); let the account of this program read it"
    return None


def client_problem(path: Path) -> str | None:
    """What is wrong with a client certificate, which stands in one file with its key, as ``authorities_problem``."""
    if not path.is_file():
        return f"names {path}, which is not there; name a PEM file, or leave it out"
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(path, password=_no_password)
    except _Encrypted:
        return f"names {path}, whose key asks for a password; write the key without one, readable by this account only"
    except ssl.SSLError as error:
        if "KEY_VALUES_MISMATCH" in str(error):
            return f"names {path}, whose key belongs to another certificate; write the certificate's own key into it"
        return f"names {path}, which does not hold a certificate and its key; write both into it in PEM form"
    except OSError as error:
        return f"names {path}, which cannot be read ({error.strerror}); let the account of this program read it"
    return None


class _Encrypted(Exception):
    """The key asks for a password, which nobody is there to type."""


def _no_password() -> str:
    raise _Encrypted
