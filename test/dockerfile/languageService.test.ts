import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { createLanguageService, factsOf, noFacts, type LintOptions } from "../../dockerfile/languageService.ts";
import { shell } from "../support/dockerfile/check.ts";

const docs = join(import.meta.dirname, "../../docs");
const service = createLanguageService({ shell });

test("the example of docs/embedding.md prints the output below it", async () => {
  const text = await readFile(join(docs, "embedding.md"), "utf8");
  const [, example = "", , output = ""] = /```ts\n(.*?)```\n(.*?)```text\n(.*?)```/s.exec(text) ?? [];
  const folder = await mkdtemp(join(tmpdir(), "embedding-"));
  try {
    const path = join(folder, "example.mts");
    await writeFile(path, example.replaceAll('from "../', `from "${pathToFileURL(join(docs, "..")).href}/`));
    const printed = execFileSync(process.execPath, [path], { encoding: "utf8", timeout: 60_000 });
    assert.equal(printed, output);
  } finally {
    await rm(folder, { recursive: true });
  }
});

function rulesIn(text: string, options: LintOptions = {}): string[] {
  return service.lint(service.parse(text), options).map(({ rule, severity }) => `${rule} ${severity}`);
}

describe("the language service", () => {
  test("without a shell parser the service works, but rules for RUN find nothing", () => {
    const text = "FROM debian:latest\nRUN apt-get install curl\n";
    const bare = createLanguageService();
    assert.ok(rulesIn(text).includes("apt-get-yes warning"));
    assert.deepEqual(
      bare.lint(bare.parse(text)).map(({ rule }) => rule),
      ["latest-tag"],
    );
  });

  test("the service applies a .hadolint.yaml, which severities override", () => {
    const hadolintYaml = "override: {error: [DL3007]}\nfoo: 1\n";
    assert.deepEqual(rulesIn("FROM debian:latest\n", { hadolintYaml }), ["latest-tag error"]);
    assert.deepEqual(rulesIn("FROM debian:latest\n", { hadolintYaml, severities: { "latest-tag": "info" } }), [
      "latest-tag info",
    ]);
    assert.deepEqual(
      service.checkConfig(hadolintYaml).map(({ message }) => message),
      ["unknown key foo"],
    );
  });

  test("the service lints ignore files", () =>
    assert.deepEqual(
      service.lintIgnoreFile("web/.dockerignore", "foo # bar\n").map(({ rule, group }) => [rule, group]),
      [["comment-behind-pattern", "context"]],
    ));

  test("only safe fixes are applied", () => {
    const document = service.parse("FROM debian:latest\nADD a b\nrun make\n");
    const changes = service.safeFixes(service.lint(document));
    assert.equal(service.apply(document.text, changes), "FROM debian:latest\nADD a b\nRUN make\n");
  });

  test("facts are found by the content of their keys", () => {
    const image = { bytes: 7, id: "", user: "", env: [], workingDir: "" };
    const facts = factsOf([[{ kind: "baseImage", reference: "a:1", platform: "linux/arm64" }, image]]);
    const known = facts.get({ platform: "linux/arm64", kind: "baseImage", reference: "a:1" });
    assert.deepEqual(known, { state: "known", value: image });
    assert.equal(facts.get({ kind: "baseImage", reference: "a:1" }).state, "unavailable");
  });

  test("a size is unknown or pending, never 0", () => {
    const document = service.parse("FROM debian:12 AS base\nRUN make\nFROM base\n");
    const [base, last] = service.sizes(document);
    assert.deepEqual(
      base?.layers.map(({ keyword, state }) => [keyword, state]),
      [
        ["FROM", "unknown"],
        ["RUN", "unknown"],
      ],
    );
    assert.equal(base?.name, "base");
    assert.equal(last?.layers[0]?.state, "stage");
    assert.equal(last.total.unknown, 2);
    const [pending] = service.sizes(document, { facts: { get: () => ({ state: "pending" }) } });
    assert.equal(pending?.layers[0]?.state, "pending");
  });

  test("images are pinned and unpinned, or the reason is given", () => {
    const digest = `sha256:${"a".repeat(64)}`;
    const text = `FROM debian\nFROM alpine:3@${digest}\nARG V\nFROM app:$V\nFROM scratch\n`;
    const [debian, alpine, app, ...others] = service.imageUses(service.parse(text));
    assert.deepEqual(others, []);
    assert.ok(debian && alpine && app);
    const pinned = debian.pin(digest);
    assert.ok(pinned);
    assert.match(service.apply(text, [pinned]), new RegExp(`^FROM debian:latest@${digest}\n`));
    assert.equal(debian.pin("sha256:1"), undefined);
    const unpinned = alpine.unpin();
    assert.ok(unpinned);
    assert.match(service.apply(text, [unpinned]), /^FROM alpine:3$/m);
    assert.equal(alpine.isPinned, true);
    assert.equal(app.reference, undefined);
    assert.ok(app.unpinnable);
    assert.equal(app.pin(digest), undefined);
  });

  test("the service doesn't throw on any text", () => {
    for (const text of ["", "\uFEFF", "FROM", "RUN <<", "COPY --from=\nONBUILD ONBUILD FROM $", "FROM a\nRUN \\"]) {
      const document = service.parse(text);
      service.safeFixes(service.lint(document, { facts: noFacts, hadolintYaml: "[" }));
      service.sizes(document);
      service.imageUses(document);
    }
  });
});
