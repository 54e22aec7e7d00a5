import { foreignText } from "../../../dockerfile/lint/subject/foreignText.ts";
import { applyChanges } from "../../../dockerfile/edit/applyChanges.ts";
import { findReferences } from "../../../dockerfile/references/findReferences.ts";
import { planPins, type PinPlan } from "../../../references/plan.ts";
import type { PinMode } from "../../../references/planners.ts";
import { createMachineResolver } from "../../../references/resolve.ts";
import { createCredentials } from "../../../oci/credentials/credentials.ts";
import { unsupportedLayers, openLocalEngine } from "../../../oci/engine/local.ts";
import { machineEnvironment } from "../../../oci/source/machine.ts";
import { CommandError, exitCodes, type Arguments, type Command } from "../command.ts";
import { readDockerfile, writeDockerfile, type InputFile } from "../dockerfiles.ts";
import { formatOf, formatOption, toJsonText } from "../output/format.ts";
import { printable, table } from "../output/table.ts";
import { positionsOf } from "../positions.ts";

interface PinnedFile {
  readonly input: InputFile;
  readonly plan: PinPlan;
}

export const pin: Command = {
  name: "pin",
  operands: "FILE…",
  summary: "Pins image references to digests; checks, updates and removes such pins",
  options: {
    ...formatOption,
    write: { type: "boolean", help: "writes the files; without it the changes are only shown" },
    check: {
      type: "boolean",
      help: "changes nothing; exit code 1 where a tag has moved, a digest is gone or a reference has no pin",
    },
    update: { type: "boolean", help: "moves pins to what their tags point to now" },
    unpin: { type: "boolean", help: "removes the digests" },
    "insecure-registry": {
      type: "string",
      multiple: true,
      value: "HOST[:PORT]",
      help: "a registry, HOST[:PORT], to speak plain HTTP to; may be repeated",
    },
  },
  async run(args, signal) {
    if (args.positionals.length === 0) throw new CommandError("pin takes one or more FILEs");
    const mode = modeOf(args);
    const resolver = createMachineResolver({
      credentials: createCredentials(machineEnvironment()),
      insecureRegistries: args.list("insecure-registry"),
      openEngine: (opening) => openLocalEngine("", () => unsupportedLayers, opening),
    });
    const done: PinnedFile[] = [];
    for (const path of args.positionals) {
      const input = await readDockerfile(path);
      if (foreignText(input.file))
        throw new CommandError(`${path} doesn't look like a Dockerfile: nothing is pinned in it`);
      const plan = await planPins({ references: findReferences(input.file), mode, resolver }, signal);
      if (args.flag("write") && plan.edits.length > 0)
        await writeDockerfile(input, applyChanges(input.text, plan.edits));
      done.push({ input, plan });
    }
    console.log(formatOf(args) === "json" ? toJsonText(toJson(done)) : toText(done, args.flag("write")));
    return exitCodeOf(mode, done);
  },
};

function modeOf(args: Arguments): PinMode {
  const asked = (["check", "update", "unpin"] as const).filter((mode) => args.flag(mode));
  if (asked.length > 1) throw new CommandError(`--${asked.join(" and --")} can't be had at once; choose one`);
  if (asked[0] === "check" && args.flag("write"))
    throw new CommandError("--check changes nothing, so --write has no place beside it");
  return asked[0] ?? "pin";
}

function exitCodeOf(mode: PinMode, done: readonly PinnedFile[]) {
  const outcomes = done.flatMap(({ plan }) => plan.outcomes);
  if (outcomes.some(({ outcome }) => outcome === "failed")) return exitCodes.failed;
  const isDrifted =
    mode === "check" &&
    outcomes.some(({ outcome, isPinned }) => outcome === "moved" || outcome === "gone" || !isPinned);
  return isDrifted ? exitCodes.found : exitCodes.clean;
}

function toJson(done: readonly PinnedFile[]) {
  return {
    version: 1,
    files: done.map(({ input, plan }) => {
      const { range } = positionsOf(input.text);
      return {
        path: input.path,
        references: plan.outcomes.map(({ reference, span, outcome, message, digest }) => ({
          reference,
          range: range(span),
          outcome,
          message,
          digest: digest ?? null,
        })),
        edits: plan.edits.map(({ span, text }) => ({ range: range(span), newText: text })),
      };
    }),
  };
}

function toText(done: readonly PinnedFile[], isWritten: boolean): string {
  const rows = done.flatMap(({ input, plan }) => {
    const { position } = positionsOf(input.text);
    return plan.outcomes.map(({ reference, span, outcome, message }) => [
      `${input.path}:${position(span.start).line + 1}`,
      outcome,
      printable(reference),
      printable(message),
    ]);
  });
  const edits = done.reduce((sum, { plan }) => sum + plan.edits.length, 0);
  const closing =
    edits === 0 ? "nothing to change" : isWritten ? `${edits} changed` : `${edits} to change; --write writes them`;
  return rows.length === 0 ? "no image references" : `${table(rows)}\n${closing}`;
}
