import { lexShell } from "../expand/lexer.ts";
import type { Lexed } from "../expand/lexerState.ts";
import { cyclicUses, usesWith, type StageUse } from "../stages.ts";
import type { Dockerfile, Stage, SyntaxProblem } from "../syntax.ts";
import { scopesOf, type Scopes } from "../expand/variables.ts";
import { problem, quoted } from "./problem.ts";

/**
 * Checks the stages and images that stages are built on and copy from.
 * @see moby/buildkit frontend/dockerfile/dockerfile2llb/convert.go buildDispatchStates, toCommand
 */
export function checkStages(file: Dockerfile): SyntaxProblem[] {
  if (file.stages.length === 0) return [];
  const scopes = scopesOf(file);
  const uses = usesWith(file, scopes);
  const cyclic = new Set(cyclicUses(uses));
  const extraStages = extraStagesBefore(file, uses);
  return [
    ...file.stages.flatMap((stage) => [...checkBase(stage, scopes), ...checkPlatform(file, stage, scopes)]),
    ...withoutRepeats(
      uses.flatMap((use) => checkUse(file, use, { isCyclic: cyclic.has(use), extraStages: extraStages(use) })),
    ),
  ];
}

function checkBase(stage: Stage, scopes: Scopes): SyntaxProblem[] {
  const lexed = scopes.base(stage);
  if (!stage.base || !lexed) return [];
  if (lexed.failure)
    return [problem("expansion", stage.base.span, `BuildKit can't expand this: ${lexed.failure.message}`)];
  if (lexed.result !== "" || lexed.unknown.length > 0) return [];
  return [
    problem(
      "expansion",
      stage.base.span,
      `FROM has no image: ${stage.base.value.slice(0, 40)} is empty${becauseUnset(lexed)}`,
    ),
  ];
}

function becauseUnset({ unset: [name] }: Lexed): string {
  return name === undefined
    ? "; give the variable a value"
    : `, because no ARG before the first FROM declares ${name}; declare it there`;
}

function checkPlatform(file: Dockerfile, stage: Stage, { globalLookup }: Scopes): SyntaxProblem[] {
  const { platform } = stage;
  if (!platform || platform.value === "") return [];
  const lexed = lexShell(platform.value, { escape: file.escape, lookup: globalLookup });
  if (lexed.failure)
    return [problem("expansion", platform.span, `BuildKit can't expand this: ${lexed.failure.message}`)];
  if (lexed.unknown.length > 0) return [];
  if (lexed.result === "") return [problem("platform", platform.span, `--platform is empty${becauseUnset(lexed)}`)];
  return isPlatform(lexed.result)
    ? []
    : [
        problem(
          "platform",
          platform.span,
          `${quoted(lexed.result)} is not a valid platform: write os/architecture[/variant], such as linux/arm64`,
        ),
      ];
}

/** True for a platform. @see github.com/containerd/platforms Parse */
function isPlatform(text: string): boolean {
  const [system = "", architecture, variant, ...more] = text.split("/");
  if (more.length > 0 || !/^[A-Za-z0-9_.-]+(\([A-Za-z0-9_.-]*\))?$/.test(system)) return false;
  if (architecture === undefined) return knownPlatforms.has(system.toLowerCase().replace(/\(.*/, ""));
  return /^[A-Za-z0-9_.-]+$/.test(architecture) && (variant === undefined || /^[A-Za-z0-9_.-]+$/.test(variant));
}

const knownPlatforms = new Set(
  (
    "aix android darwin macos dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris windows zos " +
    "386 i386 amd64 x86_64 x86-64 amd64p32 arm armhf armel armbe arm64 aarch64 arm64be ppc64 ppc64le loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc riscv riscv64 s390 s390x sparc sparc64 wasm"
  ).split(" "),
);

interface UseFacts {
  readonly isCyclic: boolean;
  /** The number of images that BuildKit has numbered after the stages so far. */
  readonly extraStages: number;
}

function checkUse(file: Dockerfile, use: StageUse, { isCyclic, extraStages }: UseFacts): SyntaxProblem[] {
  const { source, word, stage, by } = use;
  const flag = by === "copy" ? "--from" : "from";
  if (source.kind === "unknown" && by === "copy") {
    return [
      problem(
        "copyFrom",
        word.span,
        "--from doesn't take variables or escapes; add a stage for the image (FROM … AS name, which may use a global ARG) and use its name",
      ),
    ];
  }
  if (source.kind === "noSuchIndex") return checkIndex(file, use, source.stageIndex, extraStages);
  if (source.kind !== "stage" || by === "from" || source.stage.index < stage.index) return [];
  if (source.stage === stage)
    return [problem("stageCycle", word.span, `A stage can't copy from itself; remove ${flag}, or name another stage`)];
  if (isCyclic)
    return [
      problem(
        "stageCycle",
        word.span,
        `Stage ${quoted(word.value)} needs this stage too, so neither can be built first; remove one of the two dependencies`,
      ),
    ];
  return [
    problem(
      "copyFrom",
      word.span,
      `Stage ${quoted(word.value)} is defined later, but a stage can use earlier ones only; move it up`,
    ),
  ];
}

function checkIndex(file: Dockerfile, { word }: StageUse, index: number, extraStages: number): SyntaxProblem[] {
  if (index >= 0 && index < file.stages.length + extraStages) return [];
  const { length } = file.stages;
  return [
    problem(
      "copyFrom",
      word.span,
      `Stage ${index} doesn't exist: the file has ${length === 1 ? "one stage, which is 0" : `${length} stages, 0 to ${length - 1}`}`,
    ),
  ];
}

/**
 * Counts the images that COPY names and the mounts without a stage, which also get numbers, in the order of the file.
 */
function extraStagesBefore(file: Dockerfile, uses: readonly StageUse[]): (use: StageUse) => number {
  if (!uses.some(({ source }) => source.kind === "noSuchIndex")) return () => 0;
  const counts = new Map<StageUse, number>();
  const mounts = file.stages.flatMap(({ instructions }) =>
    instructions.filter(({ keyword }) => keyword.value === "RUN"),
  );
  let images = 0;
  for (const use of uses) {
    const before = mounts
      .filter(({ index }) => index < use.instruction.index)
      .flatMap(({ flags }) => flags.filter(({ name }) => name === "mount"));
    counts.set(use, images + before.length);
    if (use.by === "copy" && use.source.kind !== "stage") images++;
    if (counts.size > maxCounted) break;
  }
  return (use) => counts.get(use) ?? 0;
}

// Each count scans the whole file; real files don't have more.
const maxCounted = 100;

/** Removes repeated problems: every stage built on a stage runs its ONBUILD triggers. */
function withoutRepeats(problems: readonly SyntaxProblem[]): SyntaxProblem[] {
  const seen = new Set<string>();
  return problems.filter(({ span, kind }) => {
    const key = `${kind} ${span.start} ${span.end}`;
    return !seen.has(key) && seen.add(key);
  });
}
