import { parseDigest } from "../oci/core/digest.ts";
import { formatReference } from "../oci/core/reference.ts";
import { pinEdit, unpinEdit } from "../references/edit.ts";
import { findReferences, type PlacedReference } from "./references/findReferences.ts";
import { applyChanges } from "./edit/applyChanges.ts";
import { createMemo } from "./context/memo.ts";
import type { ContextFilesFact, FactKey, Facts, FactState, FactTypes } from "./facts/fact.ts";
import { decodeLintConfig, type ConfigProblem } from "./lint/config/hadolintYaml.ts";
import { noConfig, ruleConfigOf, type LintConfig } from "./lint/config/lintConfig.ts";
import { allRules } from "./lint/config/allRules.ts";
import { layeredSeverities } from "./lint/config/severities.ts";
import { safeFixes } from "./lint/fixes/safeFixes.ts";
import type { RuleGroup } from "./lint/groups.ts";
import { readIgnoreDocument } from "./lint/ignore/document.ts";
import { runIgnoreRules } from "./lint/ignore/run.ts";
import type { Report, Severity } from "./lint/rule.ts";
import { runRules } from "./lint/run.ts";
import type { RunOptions } from "./lint/runEnabled.ts";
import { createBuild } from "./semantics/createBuild.ts";
import type { ShellParser } from "./shell/shell.ts";
import type { LayerSize, StageTotal, Trust } from "./size/estimator.ts";
import { sizeStages, type StageSizes } from "./size/run.ts";
import { parse } from "./syntax/parse.ts";
import type { Dockerfile } from "./syntax/syntax.ts";

/** A fact and its value, of the same kind. */
export type KnownFact = {
  readonly [Kind in FactKey["kind"]]: readonly [Extract<FactKey, { readonly kind: Kind }>, FactTypes[Kind]];
}[FactKey["kind"]];

/** A range of UTF-16 code units, like indices of JavaScript strings; `end` is exclusive. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

/** Replaces the text of `span`; an empty span inserts. */
export interface TextChange {
  readonly span: TextSpan;
  readonly text: string;
}

/** A parsed Dockerfile. Immutable: parse again after each change of the text. */
export interface DockerfileDocument {
  readonly text: string;
  /** The syntax tree, down to every token. */
  readonly file: Dockerfile;
}

/** A problem that a rule found. */
export interface Diagnostic {
  /** The rule's id, such as `latest-tag`, or a code of ShellCheck, such as `SC2086`. */
  readonly rule: string;
  readonly group: RuleGroup;
  readonly severity: Severity;
  /** One line, plain text. */
  readonly message: string;
  /** Within one line. */
  readonly span: TextSpan;
  readonly fix?: DiagnosticFix;
  /** True if the rule failed, which is a bug here: its findings are unknown. */
  readonly isFailure?: true;
}

export interface DiagnosticFix {
  /** An imperative, for a menu. */
  readonly title: string;
  /**
   * "safe": the result of the build stays the same, except for what the finding is about. "unsafe": a person should
   * review it.
   */
  readonly safety: "safe" | "unsafe";
  /** In the file's order, not overlapping. */
  readonly changes: readonly TextChange[];
}

export interface LintOptions {
  /**
   * Facts from beyond the text: base images, files of the build context, ShellCheck's findings. Defaults to nothing.
   */
  readonly facts?: Facts;
  /** By rule id, another tool's code or group; overrides `hadolintYaml`. */
  readonly severities?: Readonly<Record<string, Severity | "off">>;
  /** The text of a `.hadolint.yaml`; `checkConfig` returns its problems. */
  readonly hadolintYaml?: string;
  /**
   * Called with a rule that threw, which is a bug here; a diagnostic reports it too, and the other rules' findings
   * aren't affected.
   */
  readonly onRuleError?: (rule: string, error: unknown) => void;
}

export interface SizeOptions {
  /** The source of sizes of base images and of the build context's files. Defaults to nothing. */
  readonly facts?: Facts;
  /** `os/arch[/variant]`. */
  readonly platform?: string;
  readonly buildArgs?: ReadonlyMap<string, string>;
}

/** Bytes of file content, uncompressed. */
export interface SizeRange {
  readonly low: number;
  readonly likely: number;
  readonly high: number;
}

export interface StageSize {
  /** As written after AS. */
  readonly name?: string;
  /** FROM first, then the stage's instructions. */
  readonly layers: readonly InstructionSize[];
  /** Includes the base. Layers of unknown size are counted, not added. */
  readonly total: StageTotal;
}

/** The size that an instruction adds to the image. */
export type InstructionSize = { readonly keyword: string; readonly span: TextSpan } & (
  | { readonly state: "estimated"; readonly size: SizeRange; readonly trust: Trust; readonly because: string }
  /** FROM an earlier stage of the file. */
  | { readonly state: "stage"; readonly stageName: string; readonly total: StageTotal }
  /** A fact is "pending": request again once it is known. */
  | { readonly state: "pending" }
  | { readonly state: "unknown"; readonly reason: string }
);

/** An image that the file names. */
export interface ImageUse {
  /** The place of the reference: FROM, COPY --from, RUN --mount or the `# syntax=` directive. */
  readonly place: PlacedReference["place"];
  readonly span: TextSpan;
  /** The text at `span`. */
  readonly written: string;
  /** The full name, such as `docker.io/library/debian:12`; absent if it depends on a build argument. */
  readonly reference?: string;
  /** The reason why it can't be pinned; absent if it can. */
  readonly unpinnable?: string;
  readonly isPinned: boolean;
  /** The change that pins it to a digest (`sha256:…`); undefined if it can't be pinned or the text isn't a digest. */
  pin(digest: string): TextChange | undefined;
  /** The change that removes its digest; undefined if it doesn't have one. */
  unpin(): TextChange | undefined;
}

/** Analyses Dockerfiles from text and facts, with pure functions without IO that never throw on any text. */
export interface LanguageService {
  parse(text: string): DockerfileDocument;
  /** The findings of the enabled rules, in the file's order. */
  lint(document: DockerfileDocument, options?: LintOptions): readonly Diagnostic[];
  /**
   * The findings of the rules for ignore files. `path`, such as `.dockerignore` or `NAME.dockerignore`, determines the
   * Dockerfile it applies to.
   */
  lintIgnoreFile(path: string, text: string, options?: LintOptions): readonly Diagnostic[];
  /** The changes of all safe fixes that can be made together; lint the result again for the remaining ones. */
  safeFixes(diagnostics: readonly Diagnostic[]): readonly TextChange[];
  /** The problems in the text of a `.hadolint.yaml`, in its order. */
  checkConfig(hadolintYaml: string): readonly ConfigProblem[];
  /** The expected size of every instruction, by stage in the file's order. */
  sizes(document: DockerfileDocument, options?: SizeOptions): readonly StageSize[];
  /** The images that the file names, in its order, except stages and `scratch`. */
  imageUses(document: DockerfileDocument): readonly ImageUse[];
  /** Applies changes to a text; they must not overlap. */
  apply(text: string, changes: readonly TextChange[]): string;
}

/** Creates the service; one per process is enough. Without `shell` the rules that read RUN don't find anything. */
export function createLanguageService({ shell = noShell }: { readonly shell?: ShellParser } = {}): LanguageService {
  return {
    parse: (text) => ({ text, file: parse(text) }),
    lint: ({ file }, options = {}) => lintDockerfile(file, shell, options),
    lintIgnoreFile: (path, text, options = {}) =>
      runIgnoreRules(
        { file: readIgnoreDocument(path, text), facts: options.facts ?? noFacts },
        runOptions(options),
      ).map(toDiagnostic),
    safeFixes: (diagnostics) => safeFixes(diagnostics.map(({ fix }) => (fix ? { fix: () => fix } : {}))),
    checkConfig: (hadolintYaml) => decodeLintConfig(hadolintYaml).problems,
    sizes: ({ file }, { facts = noFacts, ...options } = {}) =>
      sizeStages(createBuild(file, shell, facts, options)).map(toStageSize),
    imageUses: ({ file }) => findReferences(file).map(toImageUse),
    apply: applyChanges,
  };
}

/** Facts that are all unavailable. */
export const noFacts: Facts = { get: () => ({ state: "unavailable", reason: "nothing is known beyond the text" }) };

/** Facts from a list; any other is unavailable. Keys are compared by content. */
export function factsOf(known: readonly KnownFact[]): Facts {
  const values = new Map<string, unknown>(known.map(([key, value]) => [identityOf(key), remembering(key, value)]));
  return {
    get<K extends FactKey>(key: K): FactState<FactTypes[K["kind"]]> {
      const value = values.get(identityOf(key));
      // `KnownFact` pairs each key with a value of its kind.
      return value === undefined ? noFacts.get(key) : { state: "known", value: value as FactTypes[K["kind"]] };
    },
  };
}

/** A list of files with a memo, because rules query it repeatedly. */
function remembering(key: FactKey, value: unknown): unknown {
  return key.kind === "contextFiles" ? { ...(value as ContextFilesFact), memo: createMemo() } : value;
}

function identityOf(key: FactKey): string {
  return JSON.stringify(Object.entries(key).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const noShell: ShellParser = { script: () => undefined, execCommand: () => undefined };

function lintDockerfile(file: Dockerfile, shell: ShellParser, options: LintOptions): readonly Diagnostic[] {
  const config = ruleConfigOf(configOf(options));
  const build = createBuild(file, shell, options.facts ?? noFacts);
  return runRules(build, { ...runOptions(options), config }).map(toDiagnostic);
}

function runOptions(options: LintOptions): RunOptions {
  return {
    severities: layeredSeverities([configOf(options).severities, options.severities ?? {}], allRules),
    ...(options.onRuleError && { onCrash: options.onRuleError }),
  };
}

function configOf({ hadolintYaml }: LintOptions): LintConfig {
  return hadolintYaml === undefined ? noConfig : decodeLintConfig(hadolintYaml).config;
}

function toDiagnostic({ rule, severity, message, span, fix, isFailure }: Report): Diagnostic {
  const made = fix?.();
  return {
    rule: rule.id,
    group: rule.group,
    severity,
    message,
    span,
    ...(made && { fix: made }),
    ...(isFailure && { isFailure }),
  };
}

function toStageSize({ stage, layers, total }: StageSizes): StageSize {
  return { ...(stage.name && { name: stage.name.value }), layers: layers.map(toInstructionSize), total };
}

function toInstructionSize(size: LayerSize): InstructionSize {
  const { keyword, span } = size.layer.instruction;
  const where = { keyword: keyword.value, span };
  switch (size.state) {
    case "estimated": {
      const { because, ...range } = size.estimate;
      return { ...where, state: "estimated", size: range, trust: size.trust, because };
    }
    case "stage":
      return { ...where, state: "stage", stageName: size.stageName, total: size.total };
    case "pending":
      return { ...where, state: "pending" };
    case "unknown":
      return { ...where, state: "unknown", reason: size.reason };
  }
}

function toImageUse({ place, span, written, reference, target }: PlacedReference): ImageUse {
  return {
    place,
    span,
    written,
    ...(reference && { reference: formatReference(reference) }),
    ...(target.kind === "none" && { unpinnable: target.reason }),
    isPinned: reference?.digest !== undefined,
    pin(text) {
      const digest = parseDigest(text);
      return digest && reference && target.kind !== "none" ? pinEdit(target, reference, digest) : undefined;
    },
    unpin: () => (target.kind === "none" ? undefined : unpinEdit(target)),
  };
}
