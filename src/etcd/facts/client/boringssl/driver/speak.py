"""One question for etcd with a library on grpcio: speak.py CLIENT. It prints the
answer, or the end of the traceback."""

import os
import sys
import traceback

ENDPOINT, CA, HOST, PORT = (os.environ[name] for name in ("ENDPOINT", "CA", "HOST", "PORT"))
CERT, KEY = (os.environ[name] or None for name in ("CERT", "KEY"))
SECURE = ENDPOINT.startswith("https")


def read(path):
    if path is None:
        return None
    with open(path, "rb") as file:
        return file.read()


def grpcio():
    import grpc

    address = f"{HOST}:{PORT}"
    if SECURE:
        credentials = grpc.ssl_channel_credentials(read(CA), read(KEY), read(CERT))
        channel = grpc.secure_channel(address, credentials)
    else:
        channel = grpc.insecure_channel(address)
    # A RangeRequest of the key "foo", by its bytes.
    ask = channel.unary_unary("/etcdserverpb.KV/Range", lambda it: it, lambda it: it)
    return ask(b"\x0a\x03foo", timeout=5)


def etcd3():
    import etcd3

    files = {"ca_cert": CA, "cert_cert": CERT, "cert_key": KEY} if SECURE else {}
    return etcd3.client(host=HOST, port=int(PORT), timeout=5, **files).get("foo")


def aetcd():
    import asyncio

    import aetcd

    async def ask():
        async with aetcd.Client(host=HOST, port=int(PORT), timeout=5) as client:
            return await client.get(b"foo")

    return asyncio.run(ask())


try:
    print("served:", globals()[sys.argv[1].removeprefix("py-")]())
except Exception as error:
    print("".join(traceback.format_exception_only(type(error), error)).strip())
    sys.exit(1)
