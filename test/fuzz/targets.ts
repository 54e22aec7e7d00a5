import { decodeConfig } from "../../oci/core/config.ts";
import { decodeIndex, decodeManifestDocument } from "../../oci/core/manifest.ts";
import { formatReference, parseReference } from "../../oci/core/reference.ts";
import { readLayer } from "../../oci/tar/layerEntries.ts";
import { applyChanges } from "../../dockerfile/edit/applyChanges.ts";
import type { Facts } from "../../dockerfile/facts/fact.ts";
import { decodeLintConfig } from "../../dockerfile/lint/config/hadolintYaml.ts";
import { readIgnoreDocument } from "../../dockerfile/lint/ignore/document.ts";
import { runIgnoreRules } from "../../dockerfile/lint/ignore/run.ts";
import type { Report } from "../../dockerfile/lint/rule.ts";
import { rules } from "../../dockerfile/lint/rules/index.ts";
import { runRules } from "../../dockerfile/lint/run.ts";
import { createBuild } from "../../dockerfile/semantics/createBuild.ts";
import { loadShellParser } from "../../dockerfile/shellAssets.ts";
import { sizeStages } from "../../dockerfile/size/run.ts";
import { parse } from "../../dockerfile/syntax/parse.ts";
import { tarOf } from "../support/images/tarBytes.ts";
import { lspMessages } from "./lspMessages.ts";
import type { Target } from "./target.ts";

const facts: Facts = { get: () => ({ state: "pending" }) };
const ignoreTexts = ["node_modules\n*.log\n!keep.log\n", "**/x/**\n[a-c]*\\*\n# c\n", "*?*?b\n!a/./b\n"];
const digest = `sha256:${"a".repeat(64)}`;

/** Every target by its name for `npm run fuzz`; created when fuzzed. */
export const targets: ReadonlyMap<string, () => Promise<Target>> = new Map([
  ["dockerfile", dockerfileTarget],
  [
    "ignore",
    () => Promise.resolve({ seeds: ignoreTexts.map((text) => Buffer.from(text)), words: globWords, run: runIgnore }),
  ],
  [
    "config",
    () => Promise.resolve({ seeds: configTexts.map((text) => Buffer.from(text)), words: configWords, run: runConfig }),
  ],
  ["json", () => Promise.resolve({ seeds: documents.map(toBytes), words: jsonWords, run: runJson })],
  ["tar", () => Promise.resolve({ seeds: [tarOf({ a: "x", "d/": "", "d/.wh.b": "" })], words: tarWords, run: runTar })],
  [
    "reference",
    () =>
      Promise.resolve({
        seeds: references.map((text) => Buffer.from(text)),
        words: [...":/@._-A[", digest],
        run: runReference,
      }),
  ],
  ["lsp", lspMessages],
]);

const globWords = ["*", "**", "**/", "?", "[", "]", "[^", "\\", "!", "#", "/", "\n", "\r\n", "\ufeff", ".."];
const configTexts = [
  "ignored: [DL3008]\noverride:\n  error: [DL3003]\n",
  "failure-threshold: warning\nlabel-schema:\n  a: text\n",
];
const configWords = [": ", "- ", "\n", "&a ", "*a", "!!binary ", "{", "[", "|\n", "<<: ", "__proto__", "constructor"];
const jsonWords = ["null", "{}", "[]", "1e999", "-1", '"__proto__":', '"a"', ",", "true", digest];
const tarWords = ["ustar\0", "\0", "path=", "00000000644\0", "GNU.sparse.map=", "SCHILY.xattr.a=", "30 mtime=1\n"];
const references = ["debian:12", `ghcr.io/a/b@${digest}`, "localhost:5000/x:y", "[::1]:5000/a"];
const documents = [
  {
    architecture: "amd64",
    os: "linux",
    config: { Env: ["a=b"] },
    rootfs: { type: "layers", diff_ids: [digest] },
    history: [{ created_by: "x" }],
  },
  {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
    manifests: [{ mediaType: "a/b", digest, size: 1, platform: { os: "linux", architecture: "arm", variant: "v7" } }],
  },
  { schemaVersion: 2, config: { mediaType: "a/b", digest, size: 1 }, layers: [{ mediaType: "a/b", digest, size: 2 }] },
];

function toBytes(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

async function dockerfileTarget(): Promise<Target> {
  const shell = await loadShellParser();
  const seeds = rules.flatMap(({ meta }) => meta.examples.map(({ good }) => Buffer.from(good)));
  const words = [
    "FROM ",
    "RUN ",
    "<<EOF",
    "EOF\n",
    "\\\n",
    "`",
    "$(",
    "${",
    "}",
    "&&",
    "|",
    '"',
    "'",
    "# escape=`\n",
    "--from=",
    "ONBUILD ",
    "[",
    "]",
  ];
  return {
    seeds,
    words: [...words, "\n", "\r\n", "\ufeff", "\0", "constructor"],
    run: (input) => runDockerfile(input.toString("utf8")),
  };

  function runDockerfile(text: string): void {
    const build = createBuild(parse(text), shell, facts);
    const reports = runRules(build);
    checkReports(text, reports);
    sizeStages(build);
    for (const report of reports) {
      const fix = report.fix?.();
      if (fix) parse(applyChanges(text, fix.changes));
    }
  }
}

function checkReports(text: string, reports: readonly Report[]): void {
  for (const { isFailure, message, span } of reports) {
    if (isFailure) throw new Error(message);
    if (span.start < 0 || span.start > span.end || span.end > text.length)
      throw new Error(`a span outside: ${message}`);
  }
}

function runIgnore(input: Buffer): void {
  const text = input.toString("utf8");
  const file = readIgnoreDocument(".dockerignore", text);
  for (const path of ["a", "a/b.log", "node_modules/x/y", text.slice(0, 100)]) {
    const decided = file.decidingPattern(path);
    if ((decided?.isException === false) !== file.isIgnored(path)) throw new Error(`two answers for ${path}`);
  }
  checkReports(text, runIgnoreRules({ file, facts }));
}

function runConfig(input: Buffer): void {
  decodeLintConfig(input.toString("utf8"));
}

function runJson(input: Buffer): void {
  let value: unknown;
  try {
    value = JSON.parse(input.toString("utf8"));
  } catch {
    return; // Decoders get only parsed input.
  }
  decodeConfig("config", value);
  decodeIndex("index", value);
  decodeManifestDocument("manifest", value);
}

async function runTar(input: Buffer): Promise<void> {
  const chunks = (async function* () {
    for (let at = 0; at < input.length; at += 700) yield await Promise.resolve(input.subarray(at, at + 700));
  })();
  await readLayer(chunks, { what: "layer" }, new AbortController().signal);
}

function runReference(input: Buffer): void {
  const parsed = parseReference(input.toString("utf8"));
  if (!parsed.ok) return;
  const written = formatReference(parsed.value);
  const again = parseReference(written);
  if (!again.ok || formatReference(again.value) !== written) throw new Error(`${written} is read as another reference`);
}
