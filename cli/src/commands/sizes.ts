import { describeBytes, describeBytesOfStage } from "../../../dockerfile/size/describe.ts";
import type { LayerSize, StageTotal } from "../../../dockerfile/size/estimator.ts";
import { buildWithFacts, readBuildText } from "../../../dockerfile/semantics/createBuild.ts";
import { loadShellParser } from "../../../dockerfile/shellAssets.ts";
import { sizeStages, type StageSizes } from "../../../dockerfile/size/run.ts";
import { targetChain } from "../../../dockerfile/syntax/stages.ts";
import { CommandError, exitCodes, type Arguments, type Command } from "../command.ts";
import { scopeOf, withFacts, type Reach } from "../facts.ts";
import { readDockerfile, type InputDockerfile } from "../dockerfiles.ts";
import { formatOf, formatOption, toJsonText } from "../output/format.ts";
import { printable, table } from "../output/table.ts";
import { positionsOf } from "../positions.ts";
import { ownEntry } from "../../../oci/core/ownEntry.ts";

export const sizes: Command = {
  name: "sizes",
  operands: "FILE",
  summary: "Says what each line of a Dockerfile is expected to add to the image",
  options: {
    ...formatOption,
    context: {
      type: "string",
      value: "FOLDER",
      help: "the build context; where absent the folder that has what is copied: the Dockerfile's, one above it, or the current one",
    },
    target: { type: "string", value: "STAGE", help: "only this stage and those that it needs" },
    platform: { type: "string", value: "PLATFORM", help: "the platform that is built for, as os/arch[/variant]" },
    "build-arg": {
      type: "string",
      multiple: true,
      value: "NAME=VALUE",
      help: "a build argument, NAME=VALUE; may be repeated",
    },
    frozen: { type: "boolean", help: "contacts the engine, but no registry and no package repository" },
    "no-network": { type: "boolean", help: "contacts no engine, no registry and no package repository" },
  },
  async run(args, signal) {
    const [path, ...more] = args.positionals;
    if (path === undefined || more.length > 0) throw new CommandError("sizes takes one FILE");
    const input = await readDockerfile(path);
    const platform = args.option("platform");
    const options = { buildArgs: buildArgsOf(args), ...(platform !== undefined && { platform }) };
    const text = readBuildText(input.file, await loadShellParser(), options);
    const all = await withFacts(
      scopeOf(input.absolutePath, args.option("context")),
      reachOf(args),
      (facts) => sizeStages(buildWithFacts(text, facts)),
      signal,
    );
    const stages = chosen(input, all, args.option("target"));
    if (formatOf(args) === "json") console.log(toJsonText(toJson(input, stages)));
    else console.log(toText(input, stages));
    return exitCodes.clean;
  },
};

function reachOf(args: Arguments): Reach {
  if (args.flag("no-network")) return "offline";
  return args.flag("frozen") ? "engine" : "online";
}

function buildArgsOf(args: Arguments): ReadonlyMap<string, string> {
  return new Map(
    args.list("build-arg").flatMap((pair): [string, string][] => {
      const equals = pair.indexOf("=");
      if (equals >= 0) return [[pair.slice(0, equals), pair.slice(equals + 1)]];
      // As `docker build` does: a name alone takes the environment's value, and says nothing where there is none.
      const value = ownEntry(process.env, pair);
      return value === undefined ? [] : [[pair, value]];
    }),
  );
}

function chosen(
  { file }: InputDockerfile,
  all: readonly StageSizes[],
  target: string | undefined,
): readonly StageSizes[] {
  if (target === undefined) return all;
  const chain = targetChain(file, target);
  if (!chain)
    throw new CommandError(
      `there is no stage ${target}; the stages are ${file.stages.map((stage) => stage.name?.value ?? stage.index).join(", ")}`,
    );
  const indexes = new Set(chain.map((stage) => stage.index));
  return all.filter(({ stage }) => indexes.has(stage.index));
}

function isFinal(stages: readonly StageSizes[], stage: StageSizes): boolean {
  return stages.at(-1) === stage;
}

function toJson({ text }: InputDockerfile, stages: readonly StageSizes[]) {
  const { position } = positionsOf(text);
  return {
    version: 1,
    unit: stages[0]?.unit ?? "content",
    stages: stages.map((stage) => ({
      name: stage.stage.name?.value ?? null,
      final: isFinal(stages, stage),
      layers: stage.layers.map((size) => ({
        line: position(size.layer.instruction.span.start).line,
        instruction: size.layer.instruction.keyword.value,
        ...sizeJson(size),
        atLeast: size.state === "unknown" ? (size.atLeast ?? null) : null,
      })),
      total: totalJson(stage.total),
    })),
  };
}

function sizeJson(size: LayerSize) {
  switch (size.state) {
    case "estimated": {
      const { low, likely, high, because } = size.estimate;
      return { bytes: { low, likely, high }, trust: size.trust, because };
    }
    case "stage": {
      const { low, likely, high, unknown } = size.total;
      // A number for a stage that has unknown layers would be a number made up.
      return unknown > 0
        ? {
            bytes: null,
            trust: "unknown",
            because: `${unknown} unknown in stage ${size.stageName}, at least ${low} bytes`,
          }
        : { bytes: { low, likely, high }, trust: "computed", because: `all of stage ${size.stageName}` };
    }
    case "pending":
      return { bytes: null, trust: "unknown", because: "still being looked up" };
    case "unknown":
      return {
        bytes: null,
        trust: "unknown",
        because: size.reason,
      };
  }
}

function totalJson({ low, likely, high, unknown }: StageTotal) {
  return { low, likely, high, unknown };
}

function toText(input: InputDockerfile, stages: readonly StageSizes[]): string {
  const { position, line } = positionsOf(input.text);
  const blocks = stages.map((stage) => {
    const rows = stage.layers.map((size) => {
      const at = position(size.layer.instruction.span.start).line;
      const { bytes, because } = sizeJson(size);
      return [String(at + 1), describeBytes(bytes ?? undefined), shorten(printable(line(at))), because];
    });
    const total = describeBytesOfStage(stage.total);
    return `${table([["line", "adds", "instruction", "because"], ...rows], new Set([0, 1]))}\ntotal ${total}${stage.stage.name ? ` (stage ${printable(stage.stage.name.value)})` : ""}`;
  });
  return blocks.join("\n\n");
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
