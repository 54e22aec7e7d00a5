import { colorsFor } from "./colors.ts";
import { type LintFormat } from "./format.ts";
import type { LintedFile } from "./lintedFile.ts";
import { lintText } from "./lintText.ts";
import { toJsonText } from "./sinks.ts";

/** The text that a run prints on standard output; may be empty. */
export async function lintOutput(
  format: LintFormat,
  linted: readonly LintedFile[],
  length: "full" | "brief",
): Promise<string> {
  switch (format) {
    case "text":
      return lintText(linted, { colors: colorsFor(process.stdout, process.env), length });
    case "json":
      return toJsonText((await import("./lintJson.ts")).lintJson(linted));
    case "sarif":
      return toJsonText((await import("./lintSarif.ts")).lintSarif(linted));
    case "codeclimate":
      return toJsonText((await import("./lintCodeClimate.ts")).lintCodeClimate(linted));
    case "checkstyle":
      return (await import("./lintCheckstyle.ts")).lintCheckstyle(linted);
    case "gnu":
      return (await import("./lintGnu.ts")).lintGnu(linted);
  }
}
