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

// Whole fixtures, as they are and with their safe fixes. Their base images become one with a real shell, some real
// programs and, for every other program that a fixture runs, one that notes how it was run: a fixed file has to run the
// same. Files for BuildKit or Windows are left out.

const base = "imagewright-whole:1";
const realPrograms =
  "sh rm mkdir cat ls cp mv ln chmod chown touch sed grep sort tr cut xargs find tee env id basename dirname mktemp true";
/** Those that fixtures run as and base images bring, or that useradd would add. */
const users = "nobody nonroot guest ubuntu jenkins vscode queue ledger runner";
/** What fixtures expect of their base images beside programs on the PATH. */
const baseFiles: Readonly<Record<string, string>> = {
  "etc/apt/sources.list.d/base.list": "",
  "etc/yum.repos.d/CentOS-Base.repo": "mirrorlist=x\n",
  "etc/ssh/sshd_config": "#PermitRootLogin prohibit-password\n",
  "etc/sudoers.d/README": "",
  "usr/share/keyrings/README": "",
  "var/run/README": "",
};
const basePrograms = "usr/sbin/httpd usr/sbin/sshd usr/bin/supervisord";
/** These go on with files that only the real programs make, or with another image. */
const unbuilt =
  "cpp-vcpkg cuda-devel-flash elixir-phoenix-generated embedded-zephyr java-layers k8s-helm-tools monorepo-nx " +
  "official-alpine-apk-virtual official-db-init official-gpg-keys-loop official-java-jre official-python-slim " +
  "python-celery-env";
/** How these are run, where a label replaces MAINTAINER, and how CMD is written, is what the fixes are about. */
const about = [
  "Cmd",
  "Labels",
  ...["apk", "apt", "apt-get", "dnf", "pip", "pip3", "yarn", "yum", "wget"].map((name) => `ran/${name} `),
];
const unbuildable =
  /^# *escape|<<|--(?:mount|link|parents|exclude|checksum)|^(?:ADD|COPY) .*(?:https?:|--chmod)|\bSHELL\b|windows|ONBUILD/im;

interface Candidate {
  readonly name: string;
  readonly text: string;
  readonly fixed: string;
}

const candidates = dockerfileFixtures.flatMap(({ name, text }): readonly Candidate[] => {
  const fixed = safelyFixed(text);
  const isLeftOut = unbuildable.test(text) || unbuilt.split(" ").includes(name.replace(".Dockerfile", ""));
  return fixed === text || isLeftOut ? [] : [{ name, text, fixed }];
});

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

test(
  "whole fixtures build the same files and run the same with their safe fixes",
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

/** A program that notes its arguments, and makes the file that a download would. */
function stubOf(name: string): { readonly content: string; readonly mode: number } {
  const makes = 'case $last in -*[oO]) [ "$word" = - ] || { mkdir -p "$(dirname "$word")"; : > "$word"; };; esac';
  const more = /^(?:curl|wget)$/.test(name) ? `for word; do ${makes}; last=$word; done\n` : "";
  const answer = name === "dpkg" ? "echo amd64\n" : "";
  return { content: `#!/bin/sh\nmkdir -p /ran\necho "$*" >> /ran/${name}\n${more}${answer}`, mode: 0o755 };
}

/** What `lint --fix` makes of a text. */
function safelyFixed(text: string): string {
  let current = text;
  for (let round = 0; round < 10; round++) current = applyChanges(current, safeFixes(lint(current)));
  return current;
}

/** Of RUN, and every word of what the image starts: in the exec form a program that is missing starts no container. */
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

/** Every image that a stage is built on is replaced by one with a command; stages stay what they are. */
function withBase(text: string): string {
  const stages = new Set([...text.matchAll(/^FROM .*\bAS +(\S+)/gim)].map(([, name = ""]) => name.toLowerCase()));
  return text
    .replace(/^# *(?:syntax|check)=.*$/gim, "#")
    .replace(/^(FROM +)(?:--platform=\S+ +)?(\S+)(.*)$/gim, (whole, from: string, image: string, rest: string) =>
      stages.has(image.toLowerCase()) || image === "scratch" ? whole : `${from}${base}${rest}\nCMD ["true"]`,
    );
}

/** A file for each source that COPY and ADD name. */
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
