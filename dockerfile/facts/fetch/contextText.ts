import { isUtf8 } from "node:buffer";
import { join } from "node:path";
import { readBounded } from "../../../oci/files/readBounded.ts";
import type { FactState } from "../fact.ts";
import type { FactScope } from "../scope.ts";
import { unavailable } from "./unavailable.ts";

export interface ContextTextFact {
  readonly text: string;
}

/** Longer texts aren't followed. */
const maxBytes = 64 * 1024;

/** Reads a small file of the build context. */
export async function fetchContextText(path: string, { contextRoot }: FactScope): Promise<FactState<ContextTextFact>> {
  if (contextRoot === undefined) return unavailable("the Dockerfile is not in a folder on disk");
  const file = await readBounded(join(contextRoot, path), { maxBytes, within: contextRoot });
  if (file.state === "absent") return unavailable(`${path} is not there any more`);
  if (file.state === "refused") return unavailable(`${path} can't be read: ${file.reason}`);
  // Sizes are computed from the text, which must have the bytes of the file.
  if (!isUtf8(file.bytes)) return unavailable(`${path} is not a text in UTF-8`);
  return { state: "known", value: { text: file.bytes.toString("utf8") } };
}
