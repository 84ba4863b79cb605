#!/usr/bin/env bash
# pyca/cryptography 50.0.0 makes ML-DSA keys (FIPS 204), signs certificates with them and
# writes and reads them as PKCS#8, but has no PKCS#12 for them.
#
# Expected: `pkcs12.serialize_key_and_certificates` takes every key that
#   `CertificateBuilder.sign` takes, as it does for RSA, EC, Ed25519 and Ed448.
# Seen, with the wheel's own OpenSSL 4.0.1, Python 3.11: a TypeError whose list of kinds
#   leaves ML-DSA out: "Key must be RSA, DSA, EllipticCurve, ED25519, or ED448 private
#   key, or None."
#
# Whoever gives an ML-DSA key to a Python program hands it over as PEM.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/python"
"$place/python/bin/pip" install --quiet --disable-pip-version-check cryptography==50.0.0
"$place/python/bin/python" - <<'PYTHON'
import datetime
import sys

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa
from cryptography.hazmat.primitives.serialization import pkcs12

WORDS = "Key must be RSA, DSA, EllipticCurve, ED25519, or ED448 private key, or None."


def certificate(key):
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "etcd")])
    start = datetime.datetime(2026, 1, 1)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name)
    builder = builder.public_key(key.public_key()).serial_number(1)
    builder = builder.not_valid_before(start)
    return builder.not_valid_after(start + datetime.timedelta(days=30)).sign(key, None)


def container(key):
    passphrase = serialization.BestAvailableEncryption(b"secret")
    return pkcs12.serialize_key_and_certificates(
        b"etcd", key, certificate(key), None, passphrase
    )


print("Ed25519:", len(container(ed25519.Ed25519PrivateKey.generate())), "bytes of PKCS#12")
key = mldsa.MLDSA44PrivateKey.generate()
pkcs8 = key.private_bytes(
    serialization.Encoding.PEM,
    serialization.PrivateFormat.PKCS8,
    serialization.NoEncryption(),
)
serialization.load_pem_private_key(pkcs8, None)
print("ML-DSA-44: signs", certificate(key).subject.rfc4514_string(), "and reads its PKCS#8 back")
try:
    container(key)
except TypeError as error:
    print("ML-DSA-44, PKCS#12: TypeError:", error)
    sys.exit(0 if str(error) == WORDS else 1)
print("ML-DSA-44 has PKCS#12 now")
sys.exit(1)
PYTHON
