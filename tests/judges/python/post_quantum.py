"""A judge of tests/post_quantum.rs: asks pyca/cryptography, which has an OpenSSL
of its own, about ML-DSA keys and what they signed.

Reads JSON lines, answers each with one JSON line.
"""

import base64
import json
import sys

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import mldsa
from cryptography.x509.oid import NameOID

PASSPHRASE = b"a passphrase"

MAKERS = {
    "ML-DSA-44": mldsa.MLDSA44PrivateKey,
    "ML-DSA-65": mldsa.MLDSA65PrivateKey,
    "ML-DSA-87": mldsa.MLDSA87PrivateKey,
}


def public_bytes(key):
    return key.public_bytes(
        serialization.Encoding.DER,
        serialization.PublicFormat.SubjectPublicKeyInfo,
    )


def private_bytes(key, encoding, encryption):
    return key.private_bytes(
        encoding, serialization.PrivateFormat.PKCS8, encryption
    )


def take(question):
    chain = [
        x509.load_der_x509_certificate(base64.b64decode(der))
        for der in question["chain"]
    ]
    for certificate, issuer in zip(chain, chain[1:] + chain[-1:]):
        certificate.verify_directly_issued_by(issuer)
    key = serialization.load_der_private_key(
        base64.b64decode(question["key"]), password=None
    )
    public = key.public_key()
    if public_bytes(public) != public_bytes(chain[0].public_key()):
        raise ValueError("the key is not the certificate's")
    public.verify(key.sign(b"etcd"), b"etcd")
    locked = serialization.load_pem_private_key(
        question["locked"].encode(), password=PASSPHRASE
    )
    if public_bytes(locked.public_key()) != public_bytes(public):
        raise ValueError("under the passphrase lies another key")
    return {
        "public": base64.b64encode(public_bytes(public)).decode(),
        "key": base64.b64encode(
            private_bytes(
                key,
                serialization.Encoding.DER,
                serialization.NoEncryption(),
            )
        ).decode(),
        "locked": private_bytes(
            key,
            serialization.Encoding.PEM,
            serialization.BestAvailableEncryption(PASSPHRASE),
        ).decode(),
    }


def make(kind):
    key = MAKERS[kind].generate()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "etcd")])
    request = x509.CertificateSigningRequestBuilder(name).sign(key, None)
    return {
        "key": private_bytes(
            key,
            serialization.Encoding.PEM,
            serialization.NoEncryption(),
        ).decode(),
        "request": request.public_bytes(serialization.Encoding.PEM).decode(),
    }


def judge_list(question):
    issuer = x509.load_der_x509_certificate(base64.b64decode(question["issuer"]))
    revoked = x509.load_der_x509_crl(base64.b64decode(question["list"]))
    return {"signed": revoked.is_signature_valid(issuer.public_key())}


for line in sys.stdin:
    question = json.loads(line)
    try:
        if "make" in question:
            answer = make(question["make"])
        elif "list" in question:
            answer = judge_list(question)
        else:
            answer = take(question)
    except Exception as error:  # Whatever it is, the test shows it.
        answer = {"fault": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
