// Starts the page, whose modules of wasm stand in it as packed text. The build puts
// their bindings in front of these lines, each under a name of its own; the whole text
// is the script of the page and, from a Blob URL, of its workers.
(() => {
  "use strict";

  const bindings = { keys: keys_module, lab: lab_module };

  // Bytes of basE91's characters, two of which carry thirteen or fourteen bits: see
  // `xtask/src/packing.rs`.
  const CHARACTERS =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" +
    '!#$%&()*+,./:;<=>?@[]^_`{|}~"';
  const VALUES = new Uint8Array(128);
  for (let value = 0; value < CHARACTERS.length; value += 1) {
    VALUES[CHARACTERS.charCodeAt(value)] = value;
  }
  const decoder = (text) => {
    let place = 0;
    let queue = 0;
    let bits = 0;
    // Decodes so many characters more, which are even.
    return (count) => {
      const end = Math.min(text.length, place + count);
      const bytes = new Uint8Array(Math.ceil(((end - place) * 7 + bits) / 8 + 1));
      let length = 0;
      while (place < end) {
        if (place + 1 === text.length) {
          bytes[length] = queue | (VALUES[text.charCodeAt(place)] << bits);
          length += 1;
          break;
        }
        const value =
          VALUES[text.charCodeAt(place)] + 91 * VALUES[text.charCodeAt(place + 1)];
        place += 2;
        queue |= value << bits;
        bits += (value & 0x1fff) > 88 ? 13 : 14;
        while (bits > 7) {
          bytes[length] = queue;
          length += 1;
          queue >>>= 8;
          bits -= 8;
        }
      }
      return bytes.subarray(0, length);
    };
  };

  // Lets what waits have its turn. A timer would wait behind the rest of this file,
  // which the browser still reads, and the page would be ready
  // later by a tenth.
  const turn = () =>
    self.scheduler?.postTask
      ? self.scheduler.postTask(() => {}, { priority: "user-blocking" })
      : new Promise((resolve) => setTimeout(resolve));

  // A module that the browser itself unpacks, in pieces: between two of them the page
  // can paint and be used.
  const PIECE = 1 << 18;
  const unzipped = (text) => {
    const next = decoder(text);
    let place = 0;
    const packed = new ReadableStream({
      async pull(controller) {
        await turn();
        controller.enqueue(next(PIECE));
        place += PIECE;
        if (place >= text.length) {
          controller.close();
        }
      },
    });
    const headers = { "Content-Type": "application/wasm" };
    return new Response(packed.pipeThrough(new DecompressionStream("gzip")), { headers });
  };

  // A module whose only function is one instruction of wide arithmetic:
  // `i64.mul_wide_u` of two zeros.
  const WIDE = [
    0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 0, 2, 126, 126, 3, 2, 1, 0, 10, 10, 1,
    8, 0, 66, 0, 66, 0, 252, 22, 11,
  ];

  // The modules for the work, each of which another module unpacks behind what it has
  // in common with: that of the lab behind the page's own, and that for keys in
  // engines with wide arithmetic behind the one for those without.
  const compileForWork = async (texts) => {
    const page = new Uint8Array(await unzipped(texts["wasm"]).arrayBuffer());
    const unpacking = await WebAssembly.compileStreaming(unzipped(texts["unpack-wasm"]));
    unpack_module.initSync({ module: unpacking });
    const unpack = (id, before) =>
      unpack_module.unpack(decoder(texts[id])(texts[id].length), before);
    let keys = unpack("keys-wasm", new Uint8Array());
    if (WebAssembly.validate(new Uint8Array(WIDE))) {
      keys = unpack("keys-wide-wasm", keys);
    }
    const compiled = WebAssembly.compile(keys);
    const lab = await WebAssembly.compile(unpack("lab-wasm", page));
    return { keys: await compiled, lab };
  };

  // In a worker. The first one compiles the modules for the work. The others are sent
  // them, each with a port, which keeps what comes before somebody listens to it.
  if (typeof document === "undefined") {
    self.onmessage = ({ data: { texts, name, module, port } }) => {
      if (texts) {
        compileForWork(texts).then(
          (modules) => self.postMessage(modules),
          (error) => setTimeout(() => { throw error; }),
        );
        return;
      }
      bindings[name].initSync({ module });
      bindings[name].listen(port);
    };
    return;
  }

  // Where the browser knows Trusted Types, all that is put into the page passes here:
  // no element that runs or asks for something, and no script but a worker's own.
  const ACTIVE = /<(?:base|embed|form|iframe|img|link|meta|object|script|style)\b/i;
  self.trustedTypes?.createPolicy("default", {
    createHTML: (markup) => (ACTIVE.test(markup) ? null : markup),
    createScriptURL: (url) => (url.startsWith("blob:") ? url : null),
  });

  // The same on the page's own thread, where there are no workers.
  const install = async ({ name, module, port }) => {
    await bindings[name]({ module_or_path: module });
    bindings[name].listen(port);
  };

  const script = document.currentScript;
  const textOf = (id) => document.getElementById(id).textContent;

  const modulesForWork = async (url) => {
    // They stand behind this script, and the browser may still be reading them.
    if (document.readyState === "loading") {
      await new Promise((resolve) => {
        document.addEventListener("DOMContentLoaded", resolve, { once: true });
      });
    }
    const ids = ["wasm", "unpack-wasm", "keys-wasm", "keys-wide-wasm", "lab-wasm"];
    const texts = Object.fromEntries(ids.map((id) => [id, textOf(id)]));
    return new Promise((resolve) => {
      let worker;
      const here = () => resolve(compileForWork(texts));
      try {
        worker = new Worker(url);
      } catch {
        here();
        return;
      }
      // Some browsers have workers that say nothing, not even that they failed.
      const silent = setTimeout(here, 10000);
      worker.onerror = (event) => {
        event.preventDefault();
        clearTimeout(silent);
        here();
      };
      worker.onmessage = ({ data }) => {
        clearTimeout(silent);
        worker.terminate();
        resolve(data);
      };
      worker.postMessage({ texts });
    });
  };

  const start = async () => {
    // Without workers the work is done on this thread, in slices.
    for (const needed of ["WebAssembly", "DecompressionStream"]) {
      if (!(needed in self)) {
        throw new Error(`it has no ${needed}`);
      }
    }
    const page = await WebAssembly.compileStreaming(unzipped(textOf("wasm")));
    await wasm_bindgen({ module_or_path: page });
    const worker = new Blob([script.textContent], { type: "text/javascript" });
    const url = URL.createObjectURL(worker);
    wasm_bindgen.start(url, (sent) => {
      install(sent).catch((error) => setTimeout(() => { throw error; }));
    });
    // The page is ready. What follows is for the work, and what is pressed before waits.
    modulesForWork(url).then(
      ({ keys, lab }) => wasm_bindgen.supply(keys, lab),
      (error) => setTimeout(() => { throw error; }),
    );
  };

  const message = document.getElementById("boot-message");
  message.textContent = "Starting…";
  start().then(
    () => {
      message.hidden = true;
      // What breaks after this is a fault of the program's own.
      window.addEventListener("error", (event) => {
        message.hidden = false;
        message.setAttribute("role", "alert");
        message.textContent =
          `This page has a fault and may not go on: ${event.message}. ` +
          "Download what you need, then reload it. Nothing was sent. ";
        // What broke may have kept the files from being shown.
        const download = document.createElement("button");
        download.type = "button";
        download.dataset.action = "download-tar";
        download.textContent = "Download the files that were made";
        message.append(download);
      });
    },
    (error) => {
      message.hidden = false;
      message.setAttribute("role", "alert");
      message.textContent =
        "This browser could not start the page: " +
        `${error instanceof Error ? error.message : error}. ` +
        "It works in Chrome and Edge 91, Firefox 113, Safari 16.4 and later, " +
        "with WebAssembly allowed. Nothing has been made or sent.";
    },
  );
})();
