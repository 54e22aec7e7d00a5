// Measures what the tabs of the layer view read of a large image whose layers are known: listing a whole file system,
// a search over all layers by glob and by regular expression, and duplicates. For comparison: JavaScript's own regular
// expressions over the same paths, and `tar -tf` of the archive.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { regexMatcher } from "../../oci/core/match/regex.ts";
import { createLayerClient } from "../../oci/layers/client.ts";
import { measureByTurns } from "./figures.ts";
import { largeArchive } from "./images/largeArchive.ts";

const { signal } = new AbortController();
const archive = largeArchive({ megabytes: 200, entries: 57_000, layers: 10 });
const client = createLayerClient({ workerPath: new URL("../../oci/layers/worker.ts", import.meta.url) });
const opened = await client.openArchive(archive, signal);
if (!opened.ok) throw new Error(opened.error.message);
const image = await opened.value.image("", {}, signal);
if (!image.ok) throw new Error(image.error.message);
const where = { source: opened.value.layerSource, image: image.value };
const paths: string[] = [];

await listAll();
const search = (text: string) => () => searched(text);
await measureByTurns(3, {
  "list a file system": listAll,
  "search by part": search("9"),
  "search by glob": search("*9*7*"),
  "search by regular expression": search("/[0-9]+[^/]*7$/"),
  duplicates: async () => {
    await client.duplicates({ ...where, maxGroups: 1000, maxCopies: 50 }, () => undefined, signal);
  },
  "limit: tar -tf archive": async () => {
    await once(spawn("tar", ["-tf", archive], { stdio: "ignore" }), "exit");
  },
});
const [own, native] = [regexMatcher("[0-9]+[^/]*7$"), /[0-9]+[^/]*7$/i];
await measureByTurns(3, {
  "own regular expression alone": () => void paths.filter((path) => own?.(path)),
  "JavaScript's alone": () => void paths.filter((path) => native.test(path)),
});
client.dispose();

async function searched(text: string): Promise<void> {
  await client.search({ ...where, text, maxPaths: 500 }, () => undefined, signal);
}

async function listAll(): Promise<void> {
  paths.length = 0;
  const onEntries = (entries: readonly { readonly path: string }[]): void =>
    void paths.push(...entries.map(({ path }) => path));
  await client.list(where, { onEntries }, signal);
}
