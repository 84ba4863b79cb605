"""One question for etcd with one library of Python: speak.py CLIENT. It prints the
answer, or the end of the traceback."""

import os
import sys
import traceback

ENDPOINT, CA, HOST, PORT = (os.environ[name] for name in ("ENDPOINT", "CA", "HOST", "PORT"))
CERT, KEY = (os.environ[name] or None for name in ("CERT", "KEY"))
SECURE = ENDPOINT.startswith("https")
URL = ENDPOINT + "/v3/kv/range"
BODY = '{"key":"Zm9v"}'


def context():
    import ssl

    made = ssl.create_default_context(cafile=CA)
    if CERT:
        made.load_cert_chain(CERT, KEY)
    if os.environ["TLS_MAX"] == "1.2":
        made.maximum_version = ssl.TLSVersion.TLSv1_2
    return made


def requests():
    import requests
    from requests.adapters import HTTPAdapter

    class Limited(HTTPAdapter):
        def init_poolmanager(self, *arguments, **named):
            super().init_poolmanager(*arguments, ssl_context=context(), **named)

    session = requests.Session()
    if os.environ["TLS_MAX"]:
        session.mount("https://", Limited())
    files = {"verify": CA, "cert": (CERT, KEY) if CERT else None}
    answer = session.post(URL, data=BODY, timeout=5, **files)
    return answer.status_code, answer.text


def httpx():
    import httpx

    answer = httpx.Client(verify=context(), timeout=5).post(URL, content=BODY)
    return answer.status_code, answer.text


def aiohttp():
    import asyncio

    import aiohttp

    async def ask():
        connector = aiohttp.TCPConnector(ssl=context())
        limit = aiohttp.ClientTimeout(total=5)
        async with aiohttp.ClientSession(connector=connector, timeout=limit) as session:
            async with session.post(URL, data=BODY) as answer:
                return answer.status, await answer.text()

    return asyncio.run(ask())


def urllib():
    import urllib.error
    import urllib.request

    try:
        with urllib.request.urlopen(URL, data=BODY.encode(), context=context(), timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused, refused.read().decode()


def ssl():
    import socket

    line = socket.create_connection((HOST, int(PORT)), timeout=5)
    if SECURE:
        line = context().wrap_socket(line, server_hostname=HOST)
    head = f"POST /v3/kv/range HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {len(BODY)}\r\n\r\n"
    line.sendall((head + BODY).encode())
    answer = line.recv(65536)
    if not answer:
        return "recv() returned", repr(answer)
    text = answer.decode(errors="replace")
    return (200 if " 200 " in text.split("\n", 1)[0] else "not 200:"), text


def etcd3_py():
    from etcd3 import Client

    # With a certificate it speaks TLS, whatever the protocol says.
    cert = (CERT, KEY) if CERT and SECURE else None
    client = Client(HOST, int(PORT), protocol="https" if SECURE else "http", verify=CA, cert=cert, timeout=5)
    return 200, client.range("foo")


def python_etcd():
    import etcd

    files = {"ca_cert": CA, "cert": (CERT, KEY) if CERT else None} if SECURE else {}
    client = etcd.Client(host=HOST, port=int(PORT), protocol="https" if SECURE else "http", allow_reconnect=False, read_timeout=5, **files)
    return 200, client.read("/")


try:
    status, text = globals()[sys.argv[1].removeprefix("py-").removesuffix("-urllib3-1").removesuffix("-strict").replace("-", "_")]()
except Exception as error:
    print("".join(traceback.format_exception_only(type(error), error)).strip())
    sys.exit(1)
print(status, text)
sys.exit(status != 200)
