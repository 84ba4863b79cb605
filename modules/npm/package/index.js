// The program's functions, ready to call: the module is read from beside this file, in
// Node from the disk and in a browser from where this file came from.
import * as lab from "./lab.js";

const module = new URL("lab.wasm", import.meta.url);
if (module.protocol === "file:") {
    const { readFileSync } = await import("node:fs");
    lab.initSync({ module: readFileSync(module) });
} else {
    await lab.default({ module_or_path: module });
}

export const { make, verdict, diagnose, inspect, chain } = lab;
