"""The judge of tests/pkilint.rs: lints certificates and CRLs by pkilint.

Reads JSON lines with a kind and a DER document, answers each with one JSON line:
the findings above notice, as "SEVERITY code: message".
"""

import base64
import json
import sys

from pkilint import loader, pkix
from pkilint.pkix import certificate, crl, extension, name
from pkilint.validation import ValidationFindingSeverity


def certificate_linter():
    return certificate.create_pkix_certificate_validator_container(
        certificate.create_decoding_validators(
            name.ATTRIBUTE_TYPE_MAPPINGS, extension.EXTENSION_MAPPINGS
        ),
        [
            certificate.create_issuer_validator_container([]),
            certificate.create_validity_validator_container(),
            certificate.create_subject_validator_container([]),
            certificate.create_extensions_validator_container([]),
            certificate.create_spki_validator_container([]),
        ],
    )


def list_linter():
    return crl.create_pkix_crl_validator_container(
        [
            pkix.create_attribute_decoder(name.ATTRIBUTE_TYPE_MAPPINGS),
            pkix.create_extension_decoder(extension.EXTENSION_MAPPINGS),
        ],
        [
            crl.create_issuer_validator_container([]),
            crl.create_validity_validator_container([]),
            crl.create_extensions_validator_container([]),
        ],
    )


LINTERS = {
    "certificate": (
        loader.RFC5280CertificateDocumentLoader(),
        certificate_linter(),
    ),
    "list": (
        loader.RFC5280CertificateListDocumentLoader(),
        list_linter(),
    ),
}


def findings(question):
    documents, linter = LINTERS[question["kind"]]
    document = documents.load_der_document(base64.b64decode(question["der"]))
    return [
        f"{description.finding.severity.name} {description.finding.code}: {description.message}"
        for result in linter.validate(document.root)
        for description in result.finding_descriptions
        # The gravest is 0.
        if description.finding.severity < ValidationFindingSeverity.NOTICE
    ]


for line in sys.stdin:
    print(json.dumps(findings(json.loads(line))), flush=True)
