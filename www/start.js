// Starts the page, whose modules of wasm stand in it as gzipped, base64-coded text.
// The build puts their bindings in front of these lines, each under a name of its
// own; the whole text is the script of the page and, from a Blob URL, of its workers.
(() => {
  "use strict";

  const bindings = { keys: keys_module, lab: wasm_bindgen };

  // In a worker. The page compiled the modules once and sends each with a port,
  // which keeps what comes before somebody listens to it.
  if (typeof document === "undefined") {
    self.onmessage = ({ data: { name, module, port } }) => {
      bindings[name].initSync({ module });
      bindings[name].listen(port);
    };
    return;
  }

  // The same on the page's own thread, where there are no workers.
  const install = async ({ name, module, port }) => {
    await bindings[name]({ module_or_path: module });
    bindings[name].listen(port);
  };

  // A module whose only function is one instruction of wide arithmetic:
  // `i64.mul_wide_u` of two zeros.
  const WIDE = [
    0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 0, 2, 126, 126, 3, 2, 1, 0, 10, 10, 1,
    8, 0, 66, 0, 66, 0, 252, 22, 11,
  ];
  const isWide = WebAssembly.validate(new Uint8Array(WIDE));

  const script = document.currentScript;

  // Newer browsers decode base64 themselves.
  const decode = (text) => {
    if (Uint8Array.fromBase64) {
      return Uint8Array.fromBase64(text);
    }
    const characters = atob(text);
    const bytes = new Uint8Array(characters.length);
    for (let place = 0; place < bytes.length; place += 1) {
      bytes[place] = characters.charCodeAt(place);
    }
    return bytes;
  };

  // A module, in pieces: between two of them the page can paint and be used. A
  // piece is of whole groups of four characters.
  const PIECE = 1 << 18;
  const compile = (id) => {
    const text = document.getElementById(id).textContent;
    let place = 0;
    const packed = new ReadableStream({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve));
        controller.enqueue(decode(text.slice(place, place + PIECE)));
        place += PIECE;
        if (place >= text.length) {
          controller.close();
        }
      },
    });
    const plain = packed.pipeThrough(new DecompressionStream("gzip"));
    const headers = { "Content-Type": "application/wasm" };
    return WebAssembly.compileStreaming(new Response(plain, { headers }));
  };

  const start = async () => {
    // Without workers the work is done on this thread, in slices.
    for (const needed of ["WebAssembly", "DecompressionStream"]) {
      if (!(needed in self)) {
        throw new Error(`it has no ${needed}`);
      }
    }
    const lab = await compile("wasm");
    await wasm_bindgen({ module_or_path: lab });
    const worker = new Blob([script.textContent], { type: "text/javascript" });
    wasm_bindgen.start(URL.createObjectURL(worker), (sent) => {
      install(sent).catch((error) => setTimeout(() => { throw error; }));
    });
    // The page is ready. What follows is for the work.
    wasm_bindgen.supply(await compile(isWide ? "keys-wide-wasm" : "keys-wasm"), lab);
  };

  const message = document.getElementById("boot-message");
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
