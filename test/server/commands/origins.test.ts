import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { TextDocument } from "vscode-languageserver-textdocument";
import { decodeProvenance } from "../../../dockerfile/origin/provenance.ts";
import { originCommand, type OriginAnswer, type OriginArguments } from "../../../server/protocol/protocol.ts";
import { findOrigins } from "../../../server/src/commands/origins.ts";
import type { Session } from "../../../server/src/session.ts";
import { temporaryFolder, type TemporaryFolder } from "../../rig/machine/folders.ts";
import { startLspClient, type LspClient } from "../../support/lspClient.ts";

const provenance: unknown = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../fixtures/provenance/v1.json"), "utf8"),
);
const decoded = decodeProvenance(provenance);
const record = decoded.ok ? decoded.value : undefined;

const right = 'FROM base:1 AS app\nRUN make\nCOPY . .\nCMD ["a"]\n';
const files: Readonly<Record<string, string>> = {
  "app/Dockerfile": right,
  "other/Dockerfile": 'FROM base:1\nRUN other\nCOPY . .\nCMD ["b"]\n',
  "none/Dockerfile": "FROM base:1\nRUN nothing\n",
  "recorded/Dockerfile": record?.sources[0]?.text.replaceAll("\n", "\r\n") ?? "",
};
const steps = ['CMD ["bash"]', "RUN /bin/sh -c make # buildkit", "COPY . . # buildkit", 'CMD ["a"]'].map(
  (createdBy) => ({ createdBy }),
);

let folder: TemporaryFolder;
let outside: TemporaryFolder;
let client: LspClient;
before(async () => {
  folder = await temporaryFolder("origins");
  outside = await temporaryFolder("outside");
  for (const [path, text] of Object.entries(files)) await write(join(folder.path, path), text);
  await write(join(outside.path, "Dockerfile"), right);
  // Without trust, which the command doesn't need.
  client = await startLspClient({ folder: folder.path, trusted: false });
});
after(async () => {
  await client.stop();
  await folder.remove();
  await outside.remove();
});

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

function uriOf(path: string): string {
  return pathToFileURL(join(folder.path, path)).href;
}

async function ask(paths: readonly string[], rest: Partial<OriginArguments> = {}): Promise<OriginAnswer> {
  return (await client.command(originCommand, {
    uris: paths.map(uriOf),
    steps,
    ...rest,
  } satisfies OriginArguments)) as OriginAnswer;
}

/** `app/Dockerfile: -, 2, 3 doubt`. */
function shown({ files: found }: OriginAnswer): readonly string[] {
  return found.map(
    ({ uri, lines }) =>
      `${uri.slice(pathToFileURL(folder.path).href.length + 1)}: ${lines.map((line) => (line ? `${line.range.start.line + 1}${line.doubt === undefined ? "" : ` ${line.doubt}`}` : "-")).join(", ")}`,
  );
}

describe("the origin command", () => {
  test("the origin command finds the file and the lines, best first, and skips unrelated files", async () => {
    const answer = await ask(["other/Dockerfile", "none/Dockerfile", "app/Dockerfile"]);
    assert.deepEqual(shown(answer), [
      "app/Dockerfile: -, 2, 3, 4",
      "other/Dockerfile: -, -, 3 only 1 of the file's 3 instructions appears in the history, -",
    ]);
    assert.deepEqual([answer.comparedCount, answer.files[0]?.target, answer.files[0]?.base], [3, "app", "base:1"]);
    assert.deepEqual(answer.files[0]?.lines[1]?.range, {
      start: { line: 1, character: 0 },
      end: { line: 1, character: 8 },
    });
  });
  test("the origin command uses open documents in their current state", async () => {
    client.open(uriOf("none/Dockerfile"), `# new\n${right}`);
    assert.deepEqual(shown(await ask(["none/Dockerfile"])), ["none/Dockerfile: -, 3, 4, 5"]);
  });
  test("the origin command uses the provenance for a file that equals the built one", async () => {
    const layerDigests = record?.steps.toSorted((a, b) => b.layers.length - a.layers.length)[0]?.layers ?? [];
    const layered = layerDigests.map((_, layerIndex) => ({ createdBy: "made by another tool", layerIndex }));
    const answer = await ask(["app/Dockerfile", "recorded/Dockerfile"], { steps: layered, provenance, layerDigests });
    assert.deepEqual(shown(answer), ["recorded/Dockerfile: 7, 9, 10, 11, 12, 15"]);
    assert.deepEqual(
      answer.files[0]?.lines.map((line) => line?.confidence),
      new Array(6).fill("exact"),
    );
  });
  test("the origin command doesn't read files outside of the workspace or folders, and reports that", async () => {
    await symlink(join(folder.path, "app"), join(folder.path, "linked"));
    const answer = await ask(["../elsewhere/Dockerfile", "app", "gone/Dockerfile", "linked/Dockerfile"]);
    assert.deepEqual(shown(answer), ["linked/Dockerfile: -, 2, 3, 4"]);
    assert.match(
      answer.leftOut.join("\n"),
      /is neither open nor in a folder of the workspace\napp could not be read: it is not a regular file\nDockerfile could not be read: the file does not exist/,
    );
    const beside = (await client.command(originCommand, {
      uris: [pathToFileURL(join(outside.path, "Dockerfile")).href],
      steps,
    })) as OriginAnswer;
    assert.deepEqual([beside.files, beside.comparedCount], [[], 0]);
  });
  test("the origin command stops between two files when it is cancelled", async () => {
    const documents = new Map(["a", "b"].map((name) => [name, TextDocument.create(name, "dockerfile", 1, right)]));
    const controller = new AbortController();
    const finding = findOrigins({ documents } as unknown as Session, { uris: ["a", "b"], steps }, controller.signal);
    setImmediate(() => controller.abort());
    await assert.rejects(finding, { name: "AbortError" });
  });
  test("the origin command refuses malformed arguments", async () => {
    for (const wrong of [
      undefined,
      {},
      { uris: [1], steps: [] },
      { uris: [], steps: [{}] },
      { uris: [], steps: [{ createdBy: "", layerIndex: "0" }] },
    ]) {
      const answer = (await client.command(originCommand, wrong)) as OriginAnswer;
      assert.match(answer.refusal ?? "", /takes OriginArguments/);
    }
  });
});
