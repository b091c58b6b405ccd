/** The shared memory's code (wasm/), compiled and in base64: scripts/build.mjs puts it into dist. */
export const code: string;
