import { isRecord } from "../core/text.ts";

/**
 * The name and version in a `package.json`; undefined if it has none, like those that only set the module type inside a
 * package.
 */
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
