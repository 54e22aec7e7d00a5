import { breakOf, writtenBudget, type BudgetBreak } from "../../../dockerfile/size/budget.ts";
import { buildWithFacts, readBuildText } from "../../../dockerfile/semantics/createBuild.ts";
import { sizeStages, type StageSizes } from "../../../dockerfile/size/run.ts";
import { targetChain } from "../../../dockerfile/syntax/stages.ts";
import type { Stage } from "../../../dockerfile/syntax/syntax.ts";
import { loadShellParser } from "../../../dockerfile/shellAssets.ts";
import { parsePlatform } from "../../../oci/core/platform.ts";
import { ownEntry } from "../../../oci/core/ownEntry.ts";
import { CommandError, type Arguments } from "../command.ts";
import { contextFolder } from "../contextOption.ts";
import type { InputDockerfile } from "../dockerfiles.ts";
import { scopeOf, withFacts, type Reach } from "../facts.ts";

/** The sizes of a Dockerfile, as selected by the options. */
export interface ReadSizes {
  readonly input: InputDockerfile;
  /** In file order. */
  readonly stages: readonly StageSizes[];
  /** The maximum size of the image, from the option or else from the file. */
  readonly budget?: { readonly bytes: number; readonly brokenAt?: BudgetBreak };
}

/** Sizes a Dockerfile as if it were at the path that the user named, so that both versions copy the same files. */
export async function readSizes(
  input: InputDockerfile,
  args: Arguments,
  budget: number | undefined,
  signal: AbortSignal,
): Promise<ReadSizes> {
  const platform = platformOf(args);
  const options = { buildArgs: buildArgsOf(args), ...(platform !== undefined && { platform }) };
  const text = readBuildText(input.file, await loadShellParser(), options);
  const chain = chosenStages(input, args.option("target"));
  const context = await contextFolder(args);
  const limit = budget ?? writtenBudget(input.file)?.bytes;
  return withFacts(
    scopeOf(input.absolutePath, context),
    reachOf(args),
    (facts) => {
      const build = buildWithFacts(text, facts);
      const indexes = new Set(chain.map(({ index }) => index));
      const target = chain.at(-1);
      const brokenAt = limit === undefined || !target ? undefined : breakOf(build, target, limit);
      return {
        input,
        stages: sizeStages(build).filter(({ stage }) => indexes.has(stage.index)),
        ...(limit !== undefined && { budget: { bytes: limit, ...(brokenAt && { brokenAt }) } }),
      };
    },
    signal,
  );
}

function chosenStages({ file }: InputDockerfile, target: string | undefined): readonly Stage[] {
  if (target === undefined) return file.stages;
  const chain = targetChain(file, target);
  if (chain) return chain;
  const names = file.stages.map((stage) => stage.name?.value ?? stage.index).join(", ");
  throw new CommandError(`unknown stage ${target}; expected one of ${names}`);
}

function reachOf(args: Arguments): Reach {
  if (args.flag("no-network")) return "offline";
  return args.flag("frozen") ? "engine" : "online";
}

function platformOf(args: Arguments): string | undefined {
  const text = args.option("platform");
  if (text === undefined || parsePlatform(text)) return text;
  throw new CommandError(`--platform is ${JSON.stringify(text)}; expected os/arch[/variant], such as linux/arm64`);
}

function buildArgsOf(args: Arguments): ReadonlyMap<string, string> {
  return new Map(
    args.list("build-arg").flatMap((pair): [string, string][] => {
      const equals = pair.indexOf("=");
      if (equals >= 0) return [[pair.slice(0, equals), pair.slice(equals + 1)]];
      // As `docker build` does: a name alone takes the environment's value, and is ignored if there is none.
      const value = ownEntry(process.env, pair);
      return value === undefined ? [] : [[pair, value]];
    }),
  );
}
