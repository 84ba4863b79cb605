#!/usr/bin/env node
// Serves the page on loopback, and opens it. The page asks for nothing else, and nobody
// but this machine can ask.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { parseArgs } from "node:util";

const USAGE = `Serves etcd PKI Lab on loopback and opens it in a browser.

Usage: etcd-pki-lab [--port PORT] [--no-open]

  --port PORT  the port on 127.0.0.1; else any that is free
  --no-open    print the address, and open nothing
  --help       print this`;

function fail(message) {
    console.error(`error: ${message}`);
    process.exit(1);
}

function wanted() {
    const options = {
        port: { type: "string", default: "0" },
        "no-open": { type: "boolean", default: false },
        help: { type: "boolean", default: false },
    };
    try {
        return parseArgs({ options }).values;
    } catch (error) {
        console.error(`error: ${error.message}\n\n${USAGE}`);
        process.exit(2);
    }
}

// What opens an address with whatever the reader has chosen for it.
function opener(address) {
    switch (process.platform) {
        case "darwin":
            return ["open", [address]];
        case "win32":
            return ["rundll32", ["url.dll,FileProtocolHandler", address]];
        default:
            return ["xdg-open", [address]];
    }
}

const { port, "no-open": stay, help } = wanted();
if (help) {
    console.log(USAGE);
    process.exit(0);
}
if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) {
    fail(`“${port}” is no port; choose one from 1 to 65535`);
}

const page = readFileSync(new URL("etcd-pki-lab.html", import.meta.url));
const headers = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    // What a policy inside of the page can't say: nobody frames it, and it has no origin
    // of its own, so that there is nothing to store anything in.
    "Content-Security-Policy":
        "frame-ancestors 'none'; sandbox allow-scripts allow-downloads allow-modals",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy":
        "bluetooth=(), camera=(), display-capture=(), geolocation=(), hid=(), microphone=(), " +
        "midi=(), payment=(), publickey-credentials-get=(), serial=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
};

const server = createServer((request, response) => {
    if (!["GET", "HEAD"].includes(request.method) || request.url !== "/") {
        response.writeHead(404, { "Content-Type": "text/plain" });
        response.end("There is one page here: /\n");
        return;
    }
    response.writeHead(200, { ...headers, "Content-Length": page.length });
    response.end(request.method === "HEAD" ? undefined : page);
});

server.on("error", (error) => {
    fail(`port ${port} on 127.0.0.1 cannot be used (${error.code}); choose another with --port`);
});
server.listen(Number(port), "127.0.0.1", () => {
    const address = `http://127.0.0.1:${server.address().port}/`;
    console.log(`The page is at ${address}\nCtrl+C ends it.`);
    if (!stay) {
        const [program, words] = opener(address);
        const child = spawn(program, words, { stdio: "ignore", detached: true });
        child.on("error", () => console.log("No browser could be opened; open the address in one."));
        child.unref();
    }
});
