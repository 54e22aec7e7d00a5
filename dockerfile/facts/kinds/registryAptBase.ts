import { registryImageKind } from "../imageKind.ts";
import type { AptBase } from "../../size/apt/base.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** As `aptBase`, of an image in a registry that the local engine doesn't have. Downloads its layers once. */
    readonly registryAptBase: {
      readonly key: { readonly reference: string; readonly platform?: string };
      readonly value: AptBase;
    };
  }
}

export default registryImageKind("registryAptBase", async () => (await import("../fetch/aptBase.ts")).fetchAptBase);
