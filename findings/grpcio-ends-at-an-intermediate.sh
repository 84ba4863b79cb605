#!/usr/bin/env bash
# grpcio 1.85.3 (BoringSSL) takes an intermediate alone as its trusted CA; Python's own
# ssl, in the same interpreter with the same file and the same server, does not.
#
# Expected: a client in Python wants the root in its CA file, as OpenSSL does without
#   X509_V_FLAG_PARTIAL_CHAIN, whichever module it speaks TLS by.
# Seen, Python 3.11 with OpenSSL 3.0: gRPC's channel becomes ready; ssl fails with
#   "unable to get issuer certificate". From Python 3.13 on,
#   ssl.create_default_context sets VERIFY_X509_PARTIAL_CHAIN itself and takes it too
#   (https://docs.python.org/3/whatsnew/3.13.html), so that both connect there.
#
# Who hands `ca.crt` with an intermediate alone to a Python program can't go by what one
# of its libraries says.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/python"
"$place/python/bin/pip" install --quiet --disable-pip-version-check grpcio==1.85.3
cd "$place"
authority='basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid'
leaf='subjectAltName=IP:127.0.0.1
extendedKeyUsage=serverAuth
authorityKeyIdentifier=keyid'
for name in root middle server; do
  openssl req -new -newkey rsa:2048 -nodes -keyout $name.key -subj "/CN=$name" -out $name.csr
done 2>/dev/null
openssl x509 -req -days 30 -in root.csr -key root.key -out root.crt \
  -extfile <(printf '%s' "$authority" | sed '$d') 2>/dev/null
openssl x509 -req -days 30 -in middle.csr -CA root.crt -CAkey root.key -set_serial 2 \
  -out middle.crt -extfile <(printf '%s' "$authority") 2>/dev/null
openssl x509 -req -days 30 -in server.csr -CA middle.crt -CAkey middle.key -set_serial 3 \
  -out server.crt -extfile <(printf '%s' "$leaf") 2>/dev/null
openssl verify -CAfile root.crt -untrusted middle.crt server.crt
python/bin/python - <<'PYTHON'
import socket
import ssl
import sys
from concurrent import futures

import grpc


def read(name):
    with open(name, "rb") as file:
        return file.read()


server = grpc.server(futures.ThreadPoolExecutor(max_workers=1))
pair = (read("server.key"), read("server.crt") + read("middle.crt"))
port = server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials([pair]))
server.start()

trust = grpc.ssl_channel_credentials(root_certificates=read("middle.crt"))
with grpc.secure_channel(f"127.0.0.1:{port}", trust) as channel:
    try:
        grpc.channel_ready_future(channel).result(timeout=10)
        by_grpc = "ready"
    except grpc.FutureTimeoutError:
        by_grpc = "refused"

context = ssl.create_default_context(cafile="middle.crt")
context.set_alpn_protocols(["h2"])
try:
    with socket.create_connection(("127.0.0.1", port)) as plain:
        with context.wrap_socket(plain, server_hostname="127.0.0.1"):
            by_ssl = "ready"
except ssl.SSLCertVerificationError as error:
    by_ssl = error.verify_message
server.stop(None)

print(f"grpcio {grpc.__version__}: {by_grpc}")
print(f"Python {sys.version.split()[0]}, {ssl.OPENSSL_VERSION}: {by_ssl}")
wanted = "ready" if sys.version_info >= (3, 13) else "unable to get issuer certificate"
if (by_grpc, by_ssl) != ("ready", wanted):
    sys.exit("this has changed")
PYTHON
