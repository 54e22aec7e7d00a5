import { ownEntry } from "../../../../oci/core/ownEntry.ts";
import { isRecord } from "../../../../oci/core/text.ts";
import type { PackageSize } from "../../../size/node/packageSize.ts";

type Traits = Pick<PackageSize, "hasScript" | "os" | "cpu">;

/** @see https://docs.npmjs.com/cli/using-npm/scripts */
const scripts: readonly string[] = ["preinstall", "install", "postinstall"];

/** Reads what a package.json, or a registry's document of a version, says of installing the package. */
export function traitsOf(manifest: unknown): Traits {
  if (!isRecord(manifest)) return {};
  const own = ownEntry(manifest, "scripts");
  const hasScript = isRecord(own) && scripts.some((name) => Object.hasOwn(own, name));
  return {
    ...((hasScript || ownEntry(manifest, "gypfile") === true) && { hasScript: true }),
    ...platforms("os", ownEntry(manifest, "os")),
    ...platforms("cpu", ownEntry(manifest, "cpu")),
  };
}

function platforms(field: "os" | "cpu", value: unknown): Traits {
  const list = Array.isArray(value) ? value : [value];
  const names = list.filter((name) => typeof name === "string" && /^!?[\w-]{1,30}$/.test(name));
  return names.length > 0 ? { [field]: names } : {};
}

/** Returns a word that `parseTraits` reads. */
export function formatTraits({ hasScript, os = [], cpu = [] }: Traits): string {
  return [hasScript ? "script" : "", os.join(","), cpu.join(",")].join(";");
}

export function parseTraits(word = ""): Traits {
  const [script, os = "", cpu = ""] = word.split(";");
  return {
    ...(script === "script" && { hasScript: true }),
    ...(os !== "" && { os: os.split(",") }),
    ...(cpu !== "" && { cpu: cpu.split(",") }),
  };
}
