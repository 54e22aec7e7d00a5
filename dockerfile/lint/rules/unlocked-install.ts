import type { ShellCommand } from "../../shell/shell.ts";
import type { Change } from "../../edit/change.ts";
import { keepsToLock } from "../../semantics/packages/lockKeeping.ts";
import { type Install, manifestsOf } from "../../semantics/packages/installs.ts";
import { findProject } from "../../semantics/packages/project.ts";
import { operandsOf } from "../../semantics/runCommands.ts";
import { defineRule } from "../rule.ts";
import { context } from "../exampleFacts.ts";
import { ownEntry } from "../../../oci/core/ownEntry.ts";

export default defineRule({
  id: "unlocked-install",
  group: "reproducibility",
  summary: "An install ignores or updates the project's lock file",
  why: `The lock file names the version of each package that was tested. An install that may change it, or doesn't see it, can install others: the same line builds a different image tomorrow. With the strict form, the build fails if manifest and lock file don't agree.

Reported only if the lock file is in the build context, beside the manifest that was copied, and not if an option or variable states the intent (\`--no-frozen-lockfile\`, \`CI\`).`,
  severity: "warning",
  aliases: [],
  sources: [
    "https://docs.npmjs.com/cli/commands/npm-ci",
    "https://pnpm.io/cli/install#--frozen-lockfile",
    "https://docs.astral.sh/uv/concepts/projects/sync/",
  ],
  examples: [
    {
      bad: `FROM node:22
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm install --omit=dev
    ^^^^^^^^^^^ npm install may update package-lock.json; write npm ci
`,
      good: `FROM node:22
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev
`,
      facts: [context("package.json", "package-lock.json")],
    },
    {
      bad: `FROM node:22
COPY web/package.json /app/
RUN cd /app && pnpm i
               ^^^^^^ pnpm i can't see web/pnpm-lock.yaml, which isn't copied; copy it too, and write pnpm i --frozen-lockfile
`,
      good: `FROM node:22
COPY web/package.json web/pnpm-lock.yaml /app/
RUN cd /app && pnpm i --frozen-lockfile
`,
      facts: [context("web/package.json", "web/pnpm-lock.yaml")],
    },
  ],
  *check(input) {
    for (const install of input.build.installs()) {
      if (keepsToLock(input.build, install)) continue;
      const { command, installer } = install;
      const project = findProject(input.build, install, command, manifestsOf(install));
      const lock =
        project &&
        installer.locks
          .map((name) => `${project.folder}${name}`)
          .find((path) => project.index.positionOf(path) !== undefined);
      if (!project || lock === undefined) continue;
      const operand = operandsOf(command)[0];
      const isBerry =
        installer.locks.includes("yarn.lock") && project.index.positionOf(`${project.folder}.yarnrc.yml`) !== undefined;
      const span = { start: command.nameSpan.start, end: operand?.span.end ?? command.nameSpan.end };
      yield {
        span,
        data: { install, lock, isCopied: project.isCopied(lock), strict: strictForm(install, lock, isBerry) },
      };
    }
  },
  message({ install, lock, isCopied, strict: { before, after } }) {
    if (!isCopied) return `${before} can't see ${lock}, which isn't copied; copy it too, and write ${after}`;
    return install.installer.keeping?.disregards
      ? `${before} ignores ${lock}; write ${after}`
      : `${before} may update ${lock}; write ${after}`;
  },
  fixSafety: "unsafe",
  fix: ({ data: { isCopied, strict } }) =>
    isCopied && strict.change ? { title: `Write ${strict.after}`, changes: [strict.change] } : undefined,
});

interface StrictForm {
  readonly before: string;
  readonly after: string;
  /** Absent if it needs another program. */
  readonly change?: Change;
}

function strictForm({ command, installer: { keeping } }: Install, lock: string, isBerry: boolean): StrictForm {
  const [subcommand] = operandsOf(command);
  const before = textOf(command, subcommand?.value);
  if (!keeping) return { before, after: before };
  if ("commands" in keeping.write) return { before, after: ownEntry(keeping.write.commands, nameIn(lock)) ?? before };
  if ("subcommand" in keeping.write)
    return {
      before,
      after: textOf(command, keeping.write.subcommand),
      ...(subcommand && { change: { span: subcommand.span, text: keeping.write.subcommand } }),
    };
  const option = isBerry ? "--immutable" : keeping.write.option;
  // `yarn` alone is `yarn install`.
  const added = subcommand ? ` ${option}` : ` install ${option}`;
  const { end } = subcommand?.span ?? command.nameSpan;
  return { before, after: `${before}${added}`, change: { span: { start: end, end }, text: added } };
}

function textOf({ name = "" }: ShellCommand, subcommand: string | undefined): string {
  return subcommand === undefined ? name : `${name} ${subcommand}`;
}

function nameIn(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
