import { localImageKind } from "../imageKind.ts";
import type { PythonBase } from "../../size/python/base.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** The Python and the pip in the local image of a reference. Reads all of its layers. */
    readonly pythonBase: {
      readonly key: { readonly reference: string; readonly platform?: string };
      readonly value: PythonBase;
    };
  }
}

export default localImageKind(
  "pythonBase",
  async () => (await import("../fetch/python/pythonBase.ts")).fetchPythonBase,
);
