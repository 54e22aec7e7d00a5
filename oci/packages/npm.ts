import { isRecord } from "../core/text.ts";

/** The name and version that a `package.json` gives; undefined where it has none, as those inside a package that only set its module type. */
export function parsePackageJson(bytes: Uint8Array): { readonly name: string; readonly version: string } | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
  if (!isRecord(parsed)) return undefined;
  const { name, version } = parsed;
  return typeof name === "string" && typeof version === "string" && name !== "" && version !== ""
    ? { name, version }
    : undefined;
}
