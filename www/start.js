// Starts the core, which stands in this page as gzipped, base64-coded wasm. The
// build puts the core's bindings (`wasm_bindgen`) in front of these lines; the
// whole text is the script of the page and, from a Blob URL, of its workers.
(() => {
  "use strict";

  // In a worker. The page compiled the module once and sends it first. The
  // instance is made within this one event, so that the core's own handler is in
  // place before the next message is delivered.
  if (typeof document === "undefined") {
    self.onmessage = ({ data }) => {
      self.onmessage = null;
      wasm_bindgen.initSync({ module: data });
      wasm_bindgen.worker_start();
    };
    return;
  }

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

  // The core, in pieces: between two of them the page can paint and be used. A
  // piece is of whole groups of four characters.
  const PIECE = 1 << 18;
  const unpack = () => {
    const text = document.getElementById("wasm").textContent;
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
    const core = packed.pipeThrough(new DecompressionStream("gzip"));
    return new Response(core, { headers: { "Content-Type": "application/wasm" } });
  };

  const start = async () => {
    // Without workers the core works on this thread, in slices.
    for (const needed of ["WebAssembly", "DecompressionStream"]) {
      if (!(needed in self)) {
        throw new Error(`it has no ${needed}`);
      }
    }
    const module = await WebAssembly.compileStreaming(unpack());
    await wasm_bindgen({ module_or_path: module });
    const worker = new Blob([script.textContent], { type: "text/javascript" });
    wasm_bindgen.start(module, URL.createObjectURL(worker));
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
