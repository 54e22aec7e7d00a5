import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hadolintProgram } from "../../rig/machine/hadolint.ts";
import { runCommand } from "../../rig/machine/command.ts";
import { dockerfileFixtures } from "../../support/dockerfile/fixtures.ts";

/** A fixture, and the codes of hadolint's rules that find something in it. */
export interface CheckedFixture {
  readonly name: string;
  readonly text: string;
  readonly codes: ReadonlySet<string>;
}

/** Runs hadolint's program on the fixtures; those that it can't parse are left out. Rejects without the program. */
export async function hadolintOnFixtures(): Promise<readonly CheckedFixture[]> {
  const folder = mkdtempSync(join(tmpdir(), "hadolint-fixtures-"));
  try {
    const config = join(folder, "hadolint.yaml");
    writeFileSync(config, "override:\n  info: [DL1001, DL3057]\n");
    for (const { name, text } of dockerfileFixtures) writeFileSync(join(folder, name), text);
    const files = dockerfileFixtures.map(({ name }) => join(folder, name));
    const args = ["--config", config, "--format", "json", "--no-fail", ...files];
    const found = JSON.parse(await runCommand(await hadolintProgram(), args, { timeoutMs: 300_000 })) as Found[];
    return dockerfileFixtures
      .map(({ name, text }) => ({ name, text, codes: codesIn(found, join(folder, name)) }))
      .filter(({ codes }) => !codes.has("DL1000"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Found {
  readonly code: string;
  readonly file: string;
}

function codesIn(found: readonly Found[], path: string): ReadonlySet<string> {
  return new Set(found.flatMap(({ code, file }) => (file === path && code.startsWith("DL") ? [code] : [])));
}
