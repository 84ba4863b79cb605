"""The judge of tests/pyca.rs: asks pyca/cryptography's verifiers.

Reads JSON lines, answers each with one JSON line: "ok", or why not.
"""

import base64
import ipaddress
import json
import sys

from cryptography import x509
from cryptography.x509 import verification


def answer(question):
    certificates = [
        x509.load_der_x509_certificate(base64.b64decode(der))
        for der in question["chain"]
    ]
    leaf, *intermediates = certificates
    root = x509.load_der_x509_certificate(base64.b64decode(question["root"]))
    builder = verification.PolicyBuilder().store(verification.Store([root]))
    host = question["host"]
    try:
        if host is None:
            # A client's certificate needs no subject alternative name, except in
            # the Web PKI, whose rules these verifiers begin with.
            leaf_policy = (
                verification.ExtensionPolicy.webpki_defaults_ee().may_be_present(
                    x509.SubjectAlternativeName,
                    verification.Criticality.AGNOSTIC,
                    None,
                )
            )
            builder = builder.extension_policies(
                ca_policy=verification.ExtensionPolicy.webpki_defaults_ca(),
                ee_policy=leaf_policy,
            )
            builder.build_client_verifier().verify(leaf, intermediates)
        else:
            try:
                subject = x509.IPAddress(ipaddress.ip_address(host))
            except ValueError:
                subject = x509.DNSName(host)
            builder.build_server_verifier(subject).verify(leaf, intermediates)
    except verification.VerificationError as error:
        return str(error)
    return "ok"


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
