import { parseJson } from "../../../../oci/core/decode.ts";
import { ownEntry } from "../../../../oci/core/ownEntry.ts";
import { isRecord } from "../../../../oci/core/text.ts";
import { isPrerelease, newestFirst } from "../../../size/node/semver.ts";
import type { FactKeyOf, FactState, PackageVersionsFact } from "../../fact.ts";
import type { FactMachine } from "../../machine.ts";
import type { FactScope } from "../../scope.ts";
import { download } from "../apt/download.ts";
import { unavailable } from "../unavailable.ts";
import { registryOf } from "./packageRegistry.ts";

type Key = Extract<FactKeyOf<"packageVersions">, { readonly index: "npm" }>;
type Machine = Pick<FactMachine, "registries" | "engine" | "packageCache" | "configPlaces">;

/** The largest seen has 11 MB. */
const maxBytes = 24 * 1024 * 1024;
const timeoutMs = 30_000;
const maxVersions = 5_000;

/**
 * Asks a registry for the versions of a package. @see
 * https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md
 */
export async function fetchNpmVersions(
  key: Key,
  scope: FactScope,
  machine: Machine,
  signal: AbortSignal,
): Promise<FactState<PackageVersionsFact>> {
  const { registries } = machine;
  if ("refusal" in registries) return unavailable(registries.refusal);
  const address = await registryOf(key, scope, machine, signal);
  if (address === undefined || !URL.canParse(address)) return unavailable("no registry of npm is known");
  const refused = registries.whyNot(new URL(address).host);
  if (refused !== undefined) return unavailable(refused);
  const url = `${address.replace(/\/+$/, "")}/${key.name.replace("/", "%2f")}`;
  // The short form, without what packages say of themselves.
  const headers = { accept: "application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8" };
  const answer = await download(url, { fetch: registries.fetch, maxBytes, timeoutMs, headers }, signal);
  if (!answer.ok) return unavailable(answer.failure.message);
  const json = parseJson(url, new TextDecoder().decode(answer.value));
  const versions = json.ok ? versionsIn(json.value) : undefined;
  return versions
    ? { state: "known", value: versions }
    : unavailable(`the registry's answer for ${key.name} isn't a list of versions`);
}

function versionsIn(document: unknown): PackageVersionsFact | undefined {
  const listed = isRecord(document) ? ownEntry(document, "versions") : undefined;
  if (!isRecord(document) || !isRecord(listed)) return undefined;
  const tags = tagsIn(ownEntry(document, "dist-tags"));
  const sorted = newestFirst(Object.keys(listed));
  const versions = [...sorted.filter((one) => !isPrerelease(one)), ...sorted.filter(isPrerelease)].slice(
    0,
    maxVersions,
  );
  const latest = tags.get("latest");
  const newest = latest === undefined ? undefined : installable(latest, ownEntry(listed, latest));
  return { versions, tags, ...(newest && { newest }) };
}

function tagsIn(value: unknown): ReadonlyMap<string, string> {
  const entries = isRecord(value) ? Object.entries(value) : [];
  return new Map(entries.flatMap(([tag, version]) => (typeof version === "string" ? [[tag, version] as const] : [])));
}

/** npm prefers an older version to a deprecated one. */
function installable(version: string, entry: unknown): PackageVersionsFact["newest"] {
  if (!isRecord(entry) || ownEntry(entry, "deprecated")) return undefined;
  const engines = ownEntry(entry, "engines");
  const engine = isRecord(engines) ? ownEntry(engines, "node") : undefined;
  return { version, ...(typeof engine === "string" && { engine }) };
}
