import { registryImageKind } from "../imageKind.ts";
import type { PythonBase } from "../../size/python/base.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** As `pythonBase`, of an image in a registry that the local engine doesn't have. Downloads its layers once. */
    readonly registryPythonBase: {
      readonly key: { readonly reference: string; readonly platform?: string };
      readonly value: PythonBase;
    };
  }
}

export default registryImageKind(
  "registryPythonBase",
  async () => (await import("../fetch/python/pythonBase.ts")).fetchPythonBase,
);
