import type { Range } from "../positions.ts";
import { relativeUri } from "./lintedFile.ts";

export interface SarifRun<Rule, Found> {
  readonly rules: readonly Rule[];
  readonly paths: readonly string[];
  readonly results: readonly Found[];
  /** Files that couldn't be processed. */
  readonly problems?: readonly SarifProblem[];
}

interface SarifProblem {
  readonly path: string;
  readonly message: string;
}

/** One run as a log of SARIF 2.1.0. @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function sarifLog<Rule, Found>({ rules, paths, results, problems = [] }: SarifRun<Rule, Found>) {
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "imagewright", rules } },
        columnKind: "utf16CodeUnits",
        artifacts: paths.map((path) => ({ location: sarifLocation(path), sourceLanguage: "dockerfile" })),
        ...(problems.length > 0 && { invocations: [invocationOf(problems)] }),
        results,
      },
    ],
  };
}

function invocationOf(problems: readonly SarifProblem[]) {
  return {
    executionSuccessful: false,
    toolExecutionNotifications: problems.map(({ path, message }) => ({
      level: "error",
      message: { text: message },
      locations: [{ physicalLocation: { artifactLocation: sarifLocation(path) } }],
    })),
  };
}

/** Lines and columns count from 1; the end column is after the last character. */
export function sarifRegion({ start, end }: Range) {
  return {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}

/** Standard input has no file, only a name. */
export function sarifLocation(path: string) {
  return { uri: path === "-" ? "stdin" : relativeUri(path) };
}
