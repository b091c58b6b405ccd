// The shared memory's code (wasm/), compiled and in base64: scripts/build.mjs puts it into dist in place of this text.

export const code: string = "";
