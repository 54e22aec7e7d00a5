import { fetchContextText, type ContextTextFact } from "../fetch/contextText.ts";
import type { FactKind } from "../kind.ts";
import { changesFolders, fileLifetimeMs } from "../watchedFiles.ts";
import { narrowToContext } from "./contextRoot.ts";

declare module "../fact.ts" {
  interface FactTable {
    /** The text of a small file of the build context. */
    readonly contextText: { readonly key: { readonly path: string }; readonly value: ContextTextFact };
  }
}

const contextText: FactKind<"contextText"> = {
  kind: "contextText",
  scopedBy: ({ contextRoot }) => [contextRoot],
  fetch: ({ path }, scope) => fetchContextText(path, scope),
  lifetimeMs: fileLifetimeMs,
  isOutdatedBy: (change, { contextRoot, dockerfilePath }) =>
    changesFolders(change, contextRoot === undefined ? [] : [contextRoot], dockerfilePath),
  whenOutdated: "finish",
  narrow: narrowToContext,
};

export default contextText;
