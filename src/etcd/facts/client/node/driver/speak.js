// One question for etcd with one library of Node: speak.js CLIENT. It prints the
// answer, or the error as Node shows it.
const fs = require("fs");
const { ENDPOINT, CA, CERT, KEY, HOST, PORT, TLS_MAX } = process.env;
const secure = ENDPOINT.startsWith("https");
const url = `${ENDPOINT}/v3/kv/range`;
const body = '{"key":"Zm9v"}';

function fail(error) {
  console.log(error);
  process.exit(1);
}

function served(answer) {
  console.log("served:", answer);
  process.exit(0);
}

function files() {
  const read = (path) => (path ? fs.readFileSync(path) : undefined);
  const all = { ca: read(CA), cert: read(CERT), key: read(KEY) };
  return TLS_MAX ? { ...all, maxVersion: "TLSv1.2" } : all;
}

const clients = {
  "node-https"() {
    const options = { method: "POST", timeout: 5000, ...(secure ? files() : {}) };
    const request = require(secure ? "https" : "http").request(url, options, (answer) => {
      let text = "";
      answer.on("data", (part) => (text += part));
      answer.on("error", fail);
      answer.on("end", () => (answer.statusCode === 200 ? served(text) : fail(`${answer.statusCode} ${text}`)));
    });
    request.on("error", fail);
    request.on("timeout", () => fail("timeout"));
    request.end(body);
  },
  "node-grpc-js"() {
    const grpc = require("@grpc/grpc-js");
    const { ca, cert, key } = secure ? files() : {};
    const credentials = secure
      ? grpc.credentials.createSsl(ca, key ?? null, cert ?? null)
      : grpc.credentials.createInsecure();
    const client = new grpc.Client(`${HOST}:${PORT}`, credentials);
    const same = (it) => it;
    // A RangeRequest of the key "foo", by its bytes.
    const range = Buffer.from("0a03666f6f", "hex");
    const until = { deadline: Date.now() + 5000 };
    client.makeUnaryRequest("/etcdserverpb.KV/Range", same, same, range, until, (error, answer) =>
      error ? fail(error) : served(answer),
    );
  },
  "node-etcd3"() {
    const { Etcd3 } = require("etcd3");
    const { ca, cert, key } = secure ? files() : {};
    const credentials = secure ? { rootCertificate: ca, certChain: cert, privateKey: key } : undefined;
    const client = new Etcd3({ hosts: ENDPOINT, credentials, defaultCallOptions: () => ({ deadline: Date.now() + 5000 }) });
    client.get("foo").string().then(served, fail);
  },
  async "node-undici"() {
    const { fetch, Agent } = require("undici");
    const dispatcher = new Agent({ connect: secure ? files() : {} });
    const signal = AbortSignal.timeout(5000);
    const answer = await fetch(url, { method: "POST", body, dispatcher, signal });
    const text = await answer.text();
    return answer.status === 200 ? served(text) : fail(`${answer.status} ${text}`);
  },
};

(async () => clients[process.argv[2]]())().catch(fail);
