import { localImageKind } from "../imageKind.ts";
import type { AptBase } from "../../size/apt/base.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** The data in the local image of a reference about its Debian packages and about apt. */
    readonly aptBase: {
      readonly key: { readonly reference: string; readonly platform?: string };
      readonly value: AptBase;
    };
  }
}

export default localImageKind("aptBase", async () => (await import("../fetch/aptBase.ts")).fetchAptBase);
