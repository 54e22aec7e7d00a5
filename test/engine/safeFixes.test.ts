import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { after, before, test } from "node:test";
import { extract } from "tar-stream";
import { applyChanges } from "../../dockerfile/edit/applyChanges.ts";
import { rules } from "../../dockerfile/lint/rules/index.ts";
import { safeFixes } from "../../dockerfile/lint/fixes/safeFixes.ts";
import { buildByApi } from "../rig/engines/build.ts";
import type { Rig } from "../rig/engines/engine.ts";
import { askEngine, callEngine } from "../rig/engines/engineApi.ts";
import { sharedEngine } from "../rig/engines/sharedRigs.ts";
import { importProgramsImage } from "../rig/engines/shellImage.ts";
import { lint } from "../support/dockerfile/check.ts";
import { safeFixCases, stubs, type SafeFixCase } from "./safeFixCases.ts";

const everyRule = { severities: Object.fromEntries(rules.map(({ meta }) => [meta.id, "warning" as const])) };

let rig: Rig;
before(async () => {
  rig = await sharedEngine();
  const programs = ["/bin/sh", "/bin/rm", "/bin/mkdir", "/bin/cat", "/bin/ls"];
  for (const reference of ["debian:imagewright-fixes", "alpine:imagewright-fixes"])
    await importProgramsImage(rig, reference, programs, stubs);
});
after(() => rig.stop());

for (const one of safeFixCases) {
  test(`a fixed file builds and runs as before: ${one.name}`, { timeout: 120_000 }, async () => {
    const fixed = safelyFixed(one.dockerfile);
    assert.notEqual(fixed, one.dockerfile);
    for (const word of one.isFixed) assert.ok(fixed.includes(word), fixed);
    const built = [await outcome(one, one.dockerfile, "before"), await outcome(one, fixed, "after")];
    assert.deepEqual(built[1], built[0], fixed);
  });
}

test("a fix that changes what runs would be noticed", { timeout: 120_000 }, async () => {
  const one = { name: "", dockerfile: "", isFixed: [], about: [] };
  const base = "FROM debian:imagewright-fixes\n";
  const outcomes = await Promise.all(
    ["ENTRYPOINT exit 3", "ENTRYPOINT exit 4", 'ENTRYPOINT ["/bin/sh"]', "RUN echo a > /a\nENTRYPOINT exit 3"].map(
      (lines, index) => outcome(one, `${base}${lines}\n`, String(index)),
    ),
  );
  assert.equal(new Set(outcomes.map((it) => JSON.stringify(it))).size, outcomes.length);
});

/** What `lint --fix` makes of a text. */
function safelyFixed(text: string): string {
  let current = text;
  for (let round = 0; round < 10; round++) current = applyChanges(current, safeFixes(lint(current, everyRule)));
  return current;
}

/** The image's configuration, its files, and how it exits; but for what the rule is about. */
async function outcome({ files, about }: SafeFixCase, dockerfile: string, when: string): Promise<unknown> {
  const tag = `imagewright-fixes-${when}:1`;
  await buildByApi(rig, { tag, dockerfile, ...(files && { files }) });
  const image = await json(`/images/${tag}/json`);
  const config = Object.entries(image["Config"] as Readonly<Record<string, unknown>>);
  const container = await json("/containers/create", { Image: tag, HostConfig: { NetworkMode: "none" } });
  const id = String(container["Id"]);
  try {
    await askEngine(rig.socketPath, { method: "POST", path: `/containers/${id}/start` });
    const exit = await json(`/containers/${id}/wait`, {});
    const exported = await filesOf(await askEngine(rig.socketPath, { path: `/containers/${id}/export` }));
    return {
      config: Object.fromEntries(config.filter(([key, value]) => keptConfig.has(key) && !about.includes(key) && value)),
      exit: exit["StatusCode"],
      files: exported.filter((path) => !about.some((part) => path.startsWith(part))),
    };
  } finally {
    await callEngine(rig.socketPath, { method: "DELETE", path: `/containers/${id}?force=1` });
    await callEngine(rig.socketPath, { method: "DELETE", path: `/images/${tag}?force=1` });
  }
}

const keptConfig: ReadonlySet<string> = new Set(
  "Env Cmd Entrypoint Shell User WorkingDir ExposedPorts Labels Volumes Healthcheck StopSignal OnBuild".split(" "),
);

async function json(path: string, body?: unknown): Promise<Readonly<Record<string, unknown>>> {
  const sent = body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)), contentType: "application/json" };
  const answer = await askEngine(rig.socketPath, { method: body === undefined ? "GET" : "POST", path, ...sent });
  return JSON.parse(answer.toString("utf8")) as Readonly<Record<string, unknown>>;
}

/** Path, kind, mode, owner and content of each file. */
async function filesOf(tar: Buffer): Promise<readonly string[]> {
  const files: string[] = [];
  for await (const entry of Readable.from([tar]).pipe(extract())) {
    const hash = createHash("sha256");
    for await (const chunk of entry) hash.update(chunk as Buffer);
    const { name, type, mode, uid, linkname } = entry.header;
    files.push(`${name} ${type} ${mode} ${uid} ${linkname ?? ""} ${hash.digest("hex")}`);
  }
  return files.sort();
}
