// Before the page's own script: keeps each memory that wasm has, in the page and in
// its workers, whatever the module is called, and lets a test search all of them.
(() => {
  "use strict";

  const watch = (scope) => {
    const memories = new Set();
    const keep = (instance) => {
      for (const value of Object.values(instance.exports)) {
        if (value instanceof WebAssembly.Memory) memories.add(value);
      }
      return instance;
    };
    const wasm = scope.WebAssembly;
    const { instantiate, instantiateStreaming } = wasm;
    wasm.Instance = new Proxy(wasm.Instance, {
      construct: (target, given) => keep(new target(...given)),
    });
    const kept = (plain) => async (...given) => {
      const made = await plain.apply(wasm, given);
      keep(made.instance ?? made);
      return made;
    };
    wasm.instantiate = kept(instantiate);
    wasm.instantiateStreaming = kept(instantiateStreaming);

    // How many runs of sixteen bytes of a secret are in all memories.
    const RUN = 16;
    return (secrets) => {
      const runs = new Map();
      for (const secret of secrets) {
        for (let place = 0; place + RUN <= secret.length; place += 1) {
          const run = secret.slice(place, place + RUN);
          const head = (run[0] | (run[1] << 8) | (run[2] << 16) | (run[3] << 24)) >>> 0;
          runs.set(head, [...(runs.get(head) ?? []), run]);
        }
      }
      let found = 0;
      let size = 0;
      for (const memory of memories) {
        const bytes = new Uint8Array(memory.buffer);
        size += bytes.length;
        let head = 0;
        for (let end = 0; end < bytes.length; end += 1) {
          head = ((head >>> 8) | (bytes[end] << 24)) >>> 0;
          for (const run of runs.get(head) ?? []) {
            if (run.every((byte, place) => bytes[end - 3 + place] === byte)) found += 1;
          }
        }
      }
      return { found, memories: memories.size, size };
    };
  };

  const search = watch(self);

  const inWorker = `{
    const search = (${watch})(self);
    // In front of the worker's own listener, which knows no such message.
    self.addEventListener("message", (event) => {
      if (event.data?.secrets) {
        event.stopImmediatePropagation();
        event.data.port.postMessage(search(event.data.secrets));
      }
    });
  }
  `;
  window.Blob = class extends Blob {
    constructor(parts, options) {
      super(options?.type === "text/javascript" ? [inWorker, ...parts] : parts, options);
    }
  };
  const hired = new Set();
  if (window.Worker) {
    window.Worker = new Proxy(Worker, {
      construct: (target, given) => {
        const worker = new target(...given);
        hired.add(worker);
        worker.terminate = () => {
          hired.delete(worker);
          target.prototype.terminate.call(worker);
        };
        return worker;
      },
    });
  }

  // What each worker, and the page itself, has of these secrets.
  window.searchAll = async (secrets) => {
    const workers = [...hired].map(
      (worker) =>
        new Promise((resolve) => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = ({ data }) => resolve(data);
          worker.postMessage({ secrets, port: port2 }, [port2]);
        }),
    );
    return { page: search(secrets), workers: await Promise.all(workers) };
  };
})();
