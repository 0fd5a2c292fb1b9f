"""Why a certificate or an account elsewhere opens nothing here, in words for who presents it."""

from __future__ import annotations

from core.kernel.errors import Conflict, InvalidInput, NotPermitted


class CertificateMissing(InvalidInput):
    """Your browser has sent no certificate. Insert the card or choose the certificate, then try again."""

    code = "certificate_missing"


class CertificateNotTrusted(InvalidInput):
    """This certificate is not accepted: it has run out, or its issuer is not one that is accepted here."""

    code = "certificate_not_trusted"


class CertificateUnknown(InvalidInput):
    """This certificate opens no account here. Sign in as usual, then register it under your profile."""

    code = "certificate_unknown"


class CertificateTaken(Conflict):
    """This certificate is registered already, for this account or another one."""

    code = "certificate_taken"


class FingerprintNotValid(InvalidInput):
    """A fingerprint has 64 signs, figures and the letters a to f (SHA-256). Copy it from the certificate."""

    code = "fingerprint_not_valid"


class CertificatesNotServed(NotPermitted):
    """Certificates are not accepted here."""

    code = "certificates_not_served"


class CertificateOther(Conflict):
    """This certificate does not belong to the account you are signed in with. Choose your own."""

    code = "certificate_other"
