import { setFlagsFromString } from "node:v8";

/**
 * From now on this process no longer optimises WebAssembly. Optimising the shell grammar's lexer, one function of
 * 200 kB, costs V8 500 MB and half a second of CPU time, and parsing these scripts is not measurably faster afterwards
 * (npm run bench -- lint). Files are parsed in microseconds either way.
 */
export function useBaselineWebAssembly(): void {
  setFlagsFromString("--no-wasm-tier-up");
  setFlagsFromString("--no-wasm-dynamic-tiering");
}
