import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { projectCommand, type ProjectAnswer } from "../../../server/protocol/protocol.ts";
import { startLspClient } from "../../support/lspClient.ts";

test("Dockerfiles are written for the projects of a folder of the workspace", { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "project-"));
  await mkdir(join(folder, "w/empty"), { recursive: true });
  await writeFile(join(folder, "w/go.mod"), "module x\n");
  await writeFile(join(folder, "w/package.json"), "{}\n");
  const client = await startLspClient({ folder: join(folder, "w"), trusted: false });
  const ask = (path: string) =>
    client.command(projectCommand, { folder: pathToFileURL(join(folder, path)).href }) as Promise<ProjectAnswer>;
  const { dockerfiles } = await ask("w");
  assert.deepEqual(
    dockerfiles.map(({ language }) => language),
    ["Go", "Node.js"],
  );
  assert.match(dockerfiles[0]?.text ?? "", /^FROM golang:/m);
  assert.deepEqual(await ask("w/empty"), { dockerfiles: [] });
  assert.match((await ask("w/absent")).refusal ?? "", /could not be read/);
  assert.match((await ask(".")).refusal ?? "", /a folder of the workspace/);
  assert.match(((await client.command(projectCommand, "x")) as ProjectAnswer).refusal ?? "", /takes/);
  await client.stop();
  await rm(folder, { recursive: true });
});
