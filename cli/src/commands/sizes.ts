import { parseBytes } from "../../../oci/core/bytes.ts";
import { CommandError, exitCodes, type Arguments, type Command } from "../command.ts";
import { readDockerfile } from "../dockerfiles.ts";
import { reportFormatOf, reportFormatOption } from "../output/format.ts";
import { toJsonText } from "../output/sinks.ts";
import { compareSizes } from "../sizes/compare.ts";
import { sizesJson } from "../sizes/json.ts";
import { otherVersion } from "../sizes/otherVersion.ts";
import { readSizes } from "../sizes/readSizes.ts";
import { sizesReport } from "../sizes/report.ts";

export const sizes: Command = {
  name: "sizes",
  operands: "FILE",
  summary: "Estimates how much each line of a Dockerfile adds to the image",
  options: {
    ...reportFormatOption,
    context: {
      type: "string",
      value: "FOLDER",
      help: "Build context; default the folder that has the copied files: the Dockerfile's, one above it, or the current one",
    },
    target: { type: "string", value: "STAGE", help: "Size only this stage and the stages it needs" },
    platform: { type: "string", value: "PLATFORM", help: "Target platform of the build, as os/arch[/variant]" },
    "build-arg": {
      type: "string",
      multiple: true,
      value: "NAME=VALUE",
      help: "Set a build argument; repeatable",
    },
    budget: {
      type: "string",
      value: "SIZE",
      help: "Exit with 1 if the image certainly exceeds this size, such as 120MB; overrides `# imagewright: budget`",
    },
    compare: {
      type: "string",
      value: "FILE|REV",
      help: "Compare with another Dockerfile, or with this one in a Git revision; both use the same build context",
    },
    frozen: { type: "boolean", help: "Contact the engine, but no registry or package repository" },
    "no-network": { type: "boolean", help: "Don't contact any engine, registry or package repository" },
  },
  async run(args, signal) {
    const [path, ...more] = args.positionals;
    if (path === undefined || more.length > 0) throw new CommandError("sizes takes one FILE");
    const format = reportFormatOf(args);
    const budget = budgetOf(args);
    const input = await readDockerfile(path);
    const name = args.option("compare");
    const other = name === undefined ? undefined : await otherVersion(input, name, signal);
    const read = await readSizes(input, args, budget, signal);
    const comparison = other && compareSizes(name ?? "", await readSizes(other, args, undefined, signal), read);
    if (format === "json") console.log(toJsonText(sizesJson(read, comparison)));
    else console.log(sizesReport(read, comparison, format));
    return read.budget?.brokenAt ? exitCodes.found : exitCodes.clean;
  },
};

function budgetOf(args: Arguments): number | undefined {
  const text = args.option("budget");
  if (text === undefined) return undefined;
  const bytes = parseBytes(text);
  if (bytes === undefined) throw new CommandError(`--budget is ${JSON.stringify(text)}; expected a size such as 120MB`);
  return bytes;
}
