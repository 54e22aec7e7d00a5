import { createApkList, type ApkList } from "../../../size/apk/packageList.ts";
import type { FactKeyOf, FactState } from "../../fact.ts";
import type { FactMachine } from "../../machine.ts";
import { unpackInWorker } from "../apt/aptIndexes.ts";
import { download } from "../apt/download.ts";
import { notFetched } from "../apt/failure.ts";
import { unavailable } from "../unavailable.ts";

/** Alpine's branches change several times a day, those of a release once. */
const indexAgeMs = 6 * 60 * 60 * 1000;

/** The largest of Alpine's has 2 MB. */
const maxBytes = 32 * 1024 * 1024;
const timeoutMs = 60_000;

/** Fetches the index of a repository whose host may be contacted; a cache keeps it for some hours. */
export async function fetchApkIndex(
  { url: repository, architecture }: FactKeyOf<"apkIndex">,
  { registries, packageCache }: Pick<FactMachine, "registries" | "packageCache">,
  signal: AbortSignal,
): Promise<FactState<ApkList>> {
  const url = `${repository}/${architecture}/APKINDEX.tar.gz`;
  const kept = await packageCache.get(`apk 1 ${url}`, indexAgeMs);
  if (kept !== undefined) return { state: "known", value: listOf(kept) };
  if ("refusal" in registries) return unavailable(registries.refusal);
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) return unavailable(`the repository ${repository} isn't read`);
  const whyNot = registries.whyNot(new URL(url).host);
  if (whyNot !== undefined) return unavailable(whyNot);
  const packed = await download(url, { fetch: registries.fetch, maxBytes, timeoutMs }, signal);
  const text = packed.ok ? await unpackInWorker(packed.value, "APKINDEX") : undefined;
  if (!packed.ok || !text)
    return unavailable(
      `the package index is not available: ${(packed.ok ? notFetched("unsupported", url) : packed).failure.message}`,
    );
  const compact = `${packed.value.length}\n${text.text}`;
  await packageCache.put(`apk 1 ${url}`, compact);
  return { state: "known", value: listOf(compact) };
}

/** The size of the file, and the packages in the lines after it. */
function listOf(compact: string): ApkList {
  const newline = compact.indexOf("\n");
  return createApkList(compact.slice(newline + 1), Number(compact.slice(0, newline)));
}
