"""
What can be wrong with an endpoint and its certificates, in words.

Way of a message: before the first; `ports` opens with what is right, `tap` ends with what is wrong.
"""

from __future__ import annotations

from typing import Any

from OpenSSL.crypto import Error as CertificateError
from OpenSSL.SSL import Error as TLSError
from twisted.internet.error import VerifyError
from twisted.python.usage import UsageError

# What an operator can mend; everything else is a fault of ours.
MISTAKES = (ValueError, OSError, UsageError, VerifyError, CertificateError, TLSError)


def words_of(mistake: BaseException) -> str:
    """What an operator is told of one of `MISTAKES`."""
    if isinstance(mistake, CertificateError | TLSError):
        return f"the certificate or its key cannot be read: {mistake}"
    return str(mistake)


def check_folder(endpoint: Any) -> None:
    """
    Raise `ValueError` unless a ``tls:`` endpoint has something to show to who comes.

    Twisted takes a folder that is missing or empty, and then hangs up on everyone.
    """
    if endpoint.connectionCreator.serverConnectionForTLS(None).get_certificate() is None:
        raise ValueError(
            "no .pem file of that folder holds a certificate that names its host, with its key"
        )
