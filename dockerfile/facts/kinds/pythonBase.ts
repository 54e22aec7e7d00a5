import { withoutEngine } from "../fetch/baseImage.ts";
import type { PythonBase } from "../../size/python/base.ts";
import type { FactKind } from "../kind.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** The Python and the pip in the local image of a reference. Reads all of its layers. */
    readonly pythonBase: {
      readonly key: { readonly reference: string; readonly platform?: string };
      readonly value: PythonBase;
    };
  }
}

const pythonBase: FactKind<"pythonBase"> = {
  kind: "pythonBase",
  scopedBy: () => [],
  async fetch(key, _scope, { engine, packageCache }, signal) {
    if ("refusal" in engine) return { state: "unavailable", reason: engine.refusal };
    const opened = await engine.open(signal);
    if (!opened.ok) return withoutEngine(opened.error);
    const { fetchPythonBase } = await import("../fetch/python/pythonBase.ts");
    return fetchPythonBase(key, opened.value, packageCache, signal);
  },
  // Engines report changes of their images.
  isOutdatedBy: ({ kind }) => kind === "images",
};

export default pythonBase;
