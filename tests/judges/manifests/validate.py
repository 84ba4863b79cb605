"""Holds the YAML files that are named against published schemas.

Kubernetes' own objects are held against the API's JSON schemas, strictly, of
the oldest and the newest release that kubernetes-validate has; cert-manager's
against models that were generated from its resource definitions: what a model
does not know is lost when it is written out again.
"""

import sys

import kubernetes_validate
import yaml
from cloudcoil.models.cert_manager import v1 as cert_manager

RELEASES = ("1.25", "1.37")


def check(document):
    kind = document["kind"]
    if document["apiVersion"] == "cert-manager.io/v1":
        model = getattr(cert_manager, kind).model_validate(document)
        again = model.model_dump(by_alias=True, exclude_none=True, mode="json")
        if again != document:
            raise ValueError(f"{kind}: the definition has no place for all of it")
    else:
        for release in RELEASES:
            kubernetes_validate.validate(document, release, strict=True)
    return kind


def main(files):
    for file in files:
        with open(file, encoding="utf-8") as stream:
            for document in yaml.safe_load_all(stream):
                print(f"{file}: {check(document)}")


main(sys.argv[1:])
