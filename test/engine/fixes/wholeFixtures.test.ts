import assert from "node:assert/strict";
import { basename } from "node:path";
import { after, before, test } from "node:test";
import { applyChanges } from "../../../dockerfile/edit/applyChanges.ts";
import { safeFixes } from "../../../dockerfile/lint/fixes/safeFixes.ts";
import type { Instruction } from "../../../dockerfile/syntax/syntax.ts";
import { createConcurrencyLimit } from "../../../oci/source/concurrencyLimit.ts";
import type { Rig } from "../../rig/engines/engine.ts";
import { sharedEngine } from "../../rig/engines/sharedRigs.ts";
import { importProgramsImage } from "../../rig/engines/shellImage.ts";
import { buildOf, lint } from "../../support/dockerfile/check.ts";
import { dockerfileFixtures } from "../../support/dockerfile/fixtures.ts";
import { builtOutcome } from "./builtOutcome.ts";

// Whole fixtures, unchanged and with their safe fixes. Their base images are replaced by one with a real shell, some
// real programs and, for every other program that a fixture runs, one that records its calls: a fixed file must make
// the same calls. Mounts are removed; the reasons for which a fixture is excluded are below.

const base = "imagewright-whole:1";
const realPrograms =
  "sh bash rm mkdir cat ls cp mv ln chmod chown touch sed grep sort tr cut xargs find tee env id basename dirname mktemp true";
/** Users that fixtures run as and base images contain, or that useradd would add. */
const users = "nobody nonroot guest ubuntu jenkins vscode queue ledger runner";
/** Files that fixtures expect in their base images, in addition to programs on the PATH. */
const baseFiles: Readonly<Record<string, string>> = {
  "etc/apt/sources.list.d/base.list": "",
  "etc/yum.repos.d/CentOS-Base.repo": "mirrorlist=x\n",
  "etc/ssh/sshd_config": "#PermitRootLogin prohibit-password\n",
  "etc/sudoers.d/README": "",
  "usr/share/keyrings/README": "",
  "var/run/README": "",
};
const basePrograms = "usr/sbin/httpd usr/sbin/sshd usr/bin/supervisord";
/** Later lines of these need files that only the real programs create, or another image. */
const lacking =
  "cpp-vcpkg cuda-devel-flash elixir-phoenix-generated embedded-zephyr java-layers k8s-helm-tools many-stages " +
  "monorepo-nx monorepo-turbo monorepo-uv-workspace quoting " +
  "official-alpine-apk-virtual official-db-init official-gpg-keys-loop official-java-jre official-python-slim " +
  "python-celery-env";
/** The fixes are about how these are run, where a label replaces MAINTAINER, and the form of CMD. */
const about = [
  "Cmd",
  "Labels",
  ...["apk", "apt", "apt-get", "dnf", "pip", "pip3", "yarn", "yum", "wget"].map((name) => `ran/${name} `),
];
/** Why the classic builder, or this machine, can't build a fixture. */
const unbuildable: ReadonlyMap<string, RegExp> = new Map([
  ["needs Windows", /^# *escape|windows/im],
  ["downloads a file, for which builds have no network", /^(?:ADD|COPY) .*https?:/im],
  ["needs a frontend from Docker's registry", /--(?:parents|exclude|checksum)/i],
  ["needs BuildKit; buildKitFixes.test.ts builds its kind", /<<|--link|^(?:ADD|COPY) .*--chmod/im],
  ["has an effect only in images built on it; buildKitFixes.test.ts builds its kind", /ONBUILD/i],
]);

/** The reason why a fixture isn't built; undefined if it is. */
function reasonAgainst(name: string, text: string): string | undefined {
  if (lacking.split(" ").includes(name.replace(".Dockerfile", "")))
    return "its later lines need files that only the real programs create, or another image";
  return [...unbuildable].find(([, pattern]) => pattern.test(text))?.[0];
}

interface Candidate {
  readonly name: string;
  readonly text: string;
  readonly fixed: string;
}

const changed = dockerfileFixtures.flatMap(({ name, text }): readonly Candidate[] => {
  const fixed = safelyFixed(text);
  return fixed === text ? [] : [{ name, text, fixed }];
});
const candidates = changed.filter(({ name, text }) => reasonAgainst(name, text) === undefined);

let rig: Rig;
before(async () => {
  rig = await sharedEngine();
  const real = realPrograms.split(" ");
  const noted = new Set(candidates.flatMap(({ text }) => programsOf(text)).filter((name) => !real.includes(name)));
  const stubs = [...[...noted].map((name) => `usr/local/bin/${name}`), ...basePrograms.split(" ")];
  const accounts = ["root", ...users.split(" ")];
  await importProgramsImage(
    rig,
    base,
    real.map((name) => `/bin/${name}`),
    {
      ...Object.fromEntries(stubs.map((path) => [path, stubOf(basename(path))])),
      ...baseFiles,
      "etc/passwd": accounts.map((name, id) => `${name}:x:${id}:${id}::/:/bin/sh\n`).join(""),
      "etc/group": accounts.map((name, id) => `${name}:x:${id}:\n`).join(""),
    },
  );
});
after(() => rig.stop());

test("every fixture with safe fixes is built, or has a reason against it", (t) => {
  for (const { name, text } of changed) {
    const reason = reasonAgainst(name, text);
    if (reason !== undefined) t.diagnostic(`${name} isn't built: ${reason}`);
  }
  const names = new Set(changed.map(({ name }) => name.replace(".Dockerfile", "")));
  assert.deepEqual(
    lacking.split(" ").filter((name) => !names.has(name)),
    [],
  );
});

test(
  "whole fixtures build the same files and run the same calls with their safe fixes",
  { timeout: 600_000 },
  async ({ signal }) => {
    const limit = createConcurrencyLimit(2);
    await Promise.all(candidates.map((candidate) => limit.run("build", () => compare(candidate), signal)));
  },
);

async function compare({ name, text, fixed }: Candidate): Promise<void> {
  const files = contextOf(text);
  const outcomeOf = (dockerfile: string, version: string): Promise<unknown> => {
    const tag = `imagewright-whole-${name.toLowerCase()}:${version}`;
    return builtOutcome(rig, { tag, dockerfile: withBase(dockerfile), files }, about);
  };
  const [asIs, withFixes] = await Promise.all([outcomeOf(text, "before"), outcomeOf(fixed, "after")]);
  assert.deepEqual(withFixes, asIs, name);
}

/** A program that records its arguments, and creates the file of a download. */
function stubOf(name: string): { readonly content: string; readonly mode: number } {
  const makes = 'case $last in -*[oO]) [ "$word" = - ] || { mkdir -p "$(dirname "$word")"; : > "$word"; };; esac';
  const more = /^(?:curl|wget)$/.test(name) ? `for word; do ${makes}; last=$word; done\n` : "";
  const answer = name === "dpkg" ? "echo amd64\n" : "";
  return { content: `#!/bin/sh\nmkdir -p /ran\necho "$*" >> /ran/${name}\n${more}${answer}`, mode: 0o755 };
}

/** The text after `lint --fix`. */
function safelyFixed(text: string): string {
  let current = text;
  for (let round = 0; round < 10; round++) current = applyChanges(current, safeFixes(lint(current)));
  return current;
}

/**
 * Programs of RUN, and every word that the image starts: in the exec form, a missing program prevents the container
 * from starting.
 */
function programsOf(text: string): readonly string[] {
  const build = buildOf(text);
  const inRuns = build
    .scripts()
    .flatMap(({ script }) => script.commands.flatMap(({ name, arguments: words }) => [name, words[0]?.value]));
  const started = build.file.instructions
    .filter(({ keyword }) => /^(?:CMD|ENTRYPOINT)$/.test(keyword.value))
    .flatMap(({ rest }) => rest.text.match(/[\w.-]+/g) ?? []);
  return [...inRuns, ...started].filter((name): name is string => name !== undefined && /^[a-z][\w.-]*$/i.test(name));
}

/** Replaces every image that a stage is built on by one with a command; stages are unchanged. */
function withBase(text: string): string {
  const stages = new Set([...text.matchAll(/^FROM .*\bAS +(\S+)/gim)].map(([, name = ""]) => name.toLowerCase()));
  return text
    .replace(/^# *(?:syntax|check)=.*$/gim, "#")
    .replace(/--mount=\S+\s+(?:\\\n\s*)?/g, "")
    .replace(/^(FROM +)(?:--platform=\S+ +)?(\S+)(.*)$/gim, (whole, from: string, image: string, rest: string) =>
      stages.has(image.toLowerCase()) || image === "scratch" ? whole : `${from}${base}${rest}\nCMD ["true"]`,
    );
}

/** A file for each source of COPY and ADD. */
function contextOf(text: string): Readonly<Record<string, string>> {
  const copies = buildOf(text).file.instructions.filter(isFromContext);
  const sources = copies.flatMap(({ arguments: words }) => words.slice(0, -1).map(({ value }) => value));
  const files = sources.flatMap((source) => contentOf(source.replace(/^\.?\//, "")));
  // The Dockerfile itself differs.
  return { ".dockerignore": "Dockerfile\n", ...Object.fromEntries(files) };
}

function isFromContext({ keyword, flags }: Instruction): boolean {
  return /^(?:COPY|ADD)$/.test(keyword.value) && !flags.some(({ name }) => name === "from");
}

function contentOf(source: string): readonly (readonly [string, string])[] {
  if (source === "" || source === "." || /[$[]/.test(source)) return [["README", "x"]];
  const path = source.replaceAll("*", "");
  return [[path.endsWith("/") || !/\.|file$/i.test(path) ? `${path.replace(/\/$/, "")}/file` : path, source]];
}
