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

  const unpack = () => {
    const packed = atob(document.getElementById("wasm").textContent);
    const bytes = Uint8Array.from(packed, (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).arrayBuffer();
  };

  const start = async () => {
    // Without workers the core works on this thread, in slices.
    for (const needed of ["WebAssembly", "DecompressionStream"]) {
      if (!(needed in self)) {
        throw new Error(`it has no ${needed}`);
      }
    }
    const module = await WebAssembly.compile(await unpack());
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
          "Download what you need, then reload it. Nothing was sent.";
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
