#!/usr/bin/env bash
# etcd3-py 0.1.6 is told etcd's CA by verify=, and asks etcd for its release by it; every
# later question fails with "unable to get local issuer certificate" where the environment
# has REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE, as machines behind a proxy do.
#
# Expected: what a session was told in the program wins over the environment, as `verify`
#   of a single call does.
# Seen, requests 2.34.2: `Session.merge_environment_settings` takes the environment's file
#   for a call without `verify` of its own, and never looks at `Session.verify` then. The
#   first question of etcd3-py is a call (`baseclient.py`, `_retrieve_version`), the others
#   are the session's (`client.py`): the same client, file and server give both answers.
#
# Whoever reads such a refusal looks for the fault in certificates that are right.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/python"
"$place/python/bin/pip" install --quiet --disable-pip-version-check etcd3-py==0.1.6 requests==2.34.2
cd "$place"
for name in ca other server; do
  openssl req -new -newkey rsa:2048 -nodes -keyout $name.key -subj "/CN=$name" -out $name.csr
done 2>/dev/null
for name in ca other; do
  openssl x509 -req -days 30 -in $name.csr -signkey $name.key -out $name.crt \
    -extfile <(printf 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash') 2>/dev/null
done
openssl x509 -req -days 30 -in server.csr -CA ca.crt -CAkey ca.key -set_serial 2 -out server.crt \
  -extfile <(printf 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\nauthorityKeyIdentifier=keyid') 2>/dev/null
cat >ask.py <<'PYTHON'
import http.server
import ssl
import threading

import requests
from etcd3 import Client


class Etcd(http.server.BaseHTTPRequestHandler):
    """As much of etcd's gateway as is asked here."""

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        told = b'{"etcdserver":"3.7.3","etcdcluster":"3.7.0"}'
        body = told if self.path == "/version" else b'{"header":{}}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Etcd)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("server.crt", "server.key")
server.socket = context.wrap_socket(server.socket, server_side=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = Client("127.0.0.1", server.server_port, protocol="https", verify="ca.crt", timeout=5)
try:
    client.range("foo")
    print(client.server_version, "served")
except requests.exceptions.SSLError as error:
    words = "unable to get local issuer certificate"
    print(client.server_version, words if words in str(error) else error)
PYTHON
unset REQUESTS_CA_BUNDLE CURL_CA_BUNDLE
without=$(python/bin/python ask.py)
with=$(REQUESTS_CA_BUNDLE=$place/other.crt python/bin/python ask.py)
echo "without REQUESTS_CA_BUNDLE: $without"
echo "with it: $with"
[ "$without" = "3.7.3 served" ]
[ "$with" = "3.7.3 unable to get local issuer certificate" ]
