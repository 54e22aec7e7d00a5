import { colorsFor } from "./colors.ts";
import { toJsonText, type LintFormat } from "./format.ts";
import { lintCheckstyle } from "./lintCheckstyle.ts";
import { lintCodeClimate } from "./lintCodeClimate.ts";
import type { LintedFile } from "./lintedFile.ts";
import { lintGnu } from "./lintGnu.ts";
import { lintJson } from "./lintJson.ts";
import { lintSarif } from "./lintSarif.ts";
import { lintText } from "./lintText.ts";

/** What a run prints on standard output; empty for nothing. */
export function lintOutput(format: LintFormat, linted: readonly LintedFile[], length: "full" | "brief"): string {
  switch (format) {
    case "text":
      return lintText(linted, { colors: colorsFor(process.stdout, process.env), length });
    case "json":
      return toJsonText(lintJson(linted));
    case "sarif":
      return toJsonText(lintSarif(linted));
    case "codeclimate":
      return toJsonText(lintCodeClimate(linted));
    case "checkstyle":
      return lintCheckstyle(linted);
    case "gnu":
      return lintGnu(linted);
  }
}
