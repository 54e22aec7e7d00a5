import { comparingOf, compareSides } from "../diff/compare.ts";
import { gapsOf, isDifferent, type Found } from "../diff/found.ts";
import { diffJson } from "../diff/json.ts";
import { diffSections } from "../diff/report.ts";
import { CommandError, describeError, exitCodes, type Command } from "../command.ts";
import { createImageOpener, layerOptions, openerOptionsOf } from "../openImage.ts";
import { reportFormatOf, reportFormatOption } from "../output/format.ts";
import { code } from "../output/markdown.ts";
import { printError } from "../output/messages.ts";
import { sectionsMarkdown, sectionsText } from "../output/sections.ts";
import { openSide } from "../side.ts";
import { toJsonText } from "../output/sinks.ts";

export const diff: Command = {
  name: "diff",
  operands: "A B",
  summary:
    "Compares two images by files and configuration, or their file systems up to a layer: IMAGE#0 is the lowest layer alone",
  options: {
    what: {
      type: "string",
      value: "WHAT",
      help: "Compare a comma-separated list of files, config, history, layers, packages, or all; default files,config",
    },
    semantic: {
      type: "boolean",
      help: "Ignore what any rebuild changes: times, tar order and format, history",
    },
    "ignore-time": { type: "boolean", help: "Omit files that differ only in their time" },
    ...reportFormatOption,
    ...layerOptions,
  },
  async run(args, signal) {
    const [a, b, ...more] = args.positionals;
    if (a === undefined || b === undefined || more.length > 0)
      throw new CommandError("diff takes two images, or layers as IMAGE#0");
    const comparing = comparingOf(args);
    const format = reportFormatOf(args);
    const opener = createImageOpener(openerOptionsOf(args));
    try {
      const sides = { before: await openSide(opener, a, signal), after: await openSide(opener, b, signal) };
      const found = await compareSides(opener, { sides, comparing }, signal);
      console.log(format === "json" ? toJsonText(diffJson(found)) : report(found, { format, a, b }));
      const unreadable = found.files?.unreadable ?? [];
      for (const { error } of unreadable) printError(`${describeError(error)}; what it changed is missing`);
      for (const gap of gapsOf(found)) printError(gap);
      if (unreadable.length > 0 || gapsOf(found).length > 0) return exitCodes.failed;
      return isDifferent(found, comparing) ? exitCodes.found : exitCodes.clean;
    } finally {
      opener.dispose();
    }
  },
};

interface ReportOptions {
  readonly format: "text" | "markdown";
  /** As the user wrote them. */
  readonly a: string;
  readonly b: string;
}

function report(found: Found, { format, a, b }: ReportOptions): string {
  const sections = diffSections(found);
  if (format === "text") return sectionsText(sections) || "no differences";
  return `## ${code(a)} → ${code(b)}\n\n${sectionsMarkdown(sections, "No differences")}`;
}
