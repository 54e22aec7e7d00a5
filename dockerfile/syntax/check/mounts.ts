import { csvFields } from "../csv.ts";
import { mountOptions, mountTypes, sharingModes, type MountOptionKnowledge } from "../instructions/mountOptions.ts";
import { nearestName } from "../nearestName.ts";
import type { Flag, FlagOption, Instruction, SyntaxProblem } from "../syntax.ts";
import { listed, literalValue, problem, quoted } from "./problem.ts";

/**
 * Checks the `--mount` flags of a RUN. Options whose value contains a variable are skipped.
 * @see moby/buildkit frontend/dockerfile/instructions/commands_runmount.go parseMount
 */
export function checkMounts(instruction: Instruction, escape: string): SyntaxProblem[] {
  const mounts = instruction.flags.filter(({ name, value }) => name === "mount" && value);
  return mounts.flatMap((flag) => (csvFields(flag.value?.value ?? "") ? checkMount(flag, escape) : [brokenCsv(flag)]));
}

function brokenCsv(flag: Flag): SyntaxProblem {
  return problem(
    "mount",
    flag.value?.span ?? flag.span,
    "This isn't a comma-separated list of key=value fields: it is empty, or a quote doesn't enclose a whole field; quote whole fields",
  );
}

// There are 19 keys.
const maxOptions = 100;

/** The state of a mount so far. */
interface Mount {
  readonly flag: Flag;
  readonly escape: string;
  /** Undefined if it depends on a variable. */
  type: string | undefined;
  /** The effective options, by their main key. */
  readonly given: Map<string, FlagOption>;
  readonly problems: SyntaxProblem[];
}

function checkMount(flag: Flag, escape: string): SyntaxProblem[] {
  const mount: Mount = { flag, escape, type: "bind", given: new Map(), problems: [] };
  for (const option of flag.options.slice(0, maxOptions)) checkOption(mount, option);
  checkTogether(mount);
  return mount.problems;
}

function report(mount: Mount, option: FlagOption, message: string, suggestion?: string): void {
  mount.problems.push(problem("mount", (option.value ?? option).span, message, suggestion));
}

function checkOption(mount: Mount, option: FlagOption): void {
  const known = mountOptions.find(({ key, aliases }) => key === option.key || aliases.includes(option.key));
  if (!known) {
    const suggestion = nearestName(
      option.key,
      mountOptions.flatMap(({ key, aliases }) => [key, ...aliases]),
    );
    const advice = suggestion
      ? `did you mean ${suggestion}?`
      : `it takes ${listed(mountOptions.map(({ key }) => key))}`;
    mount.problems.push(
      problem("mount", option.keySpan, `Unknown mount option ${quoted(option.key)}: ${advice}`, suggestion),
    );
    return;
  }
  checkTypeBefore(mount, option, known);
  if (option.value) checkOptionValue(mount, option, known);
  else if (known.value !== "boolean") report(mount, option, `${option.key} needs a value; write ${option.key}=…`);
  mount.given.set(known.key, option);
}

/** Checks the two options whose validity depends on the type before them. */
function checkTypeBefore({ type, problems }: Mount, option: FlagOption, { key, types }: MountOptionKnowledge): void {
  if ((key !== "required" && key !== "size") || type === undefined || types.includes(type)) return;
  problems.push(
    problem(
      "mount",
      option.keySpan,
      `A ${type} mount doesn't take ${key}; it belongs to type=${listed(types)}, which must come before it`,
    ),
  );
}

function checkOptionValue(mount: Mount, option: FlagOption, known: MountOptionKnowledge): void {
  const written = option.value?.value ?? "";
  if (known.value === "stage") {
    if (/\$./.test(written))
      report(
        mount,
        option,
        "A mount's from doesn't take variables; add a stage for the image (FROM … AS name) and use its name",
      );
    return;
  }
  const value = option.value && literalValue(option.value, mount.escape);
  if (known.value === "type") mount.type = value?.toLowerCase();
  if (value === undefined) return;
  const rule = valueRules.get(known.value);
  if (rule && !rule.isValid(value))
    report(
      mount,
      option,
      `${quoted(value)} is not a valid ${option.key}: ${rule.expected}`,
      nearestName(value, rule.words),
    );
}

interface ValueRule {
  readonly isValid: (value: string) => boolean;
  readonly expected: string;
  readonly words: readonly string[];
}

const typeNames = mountTypes.map(({ name }) => name);

const valueRules = new Map<MountOptionKnowledge["value"], ValueRule>([
  [
    "type",
    {
      isValid: (value) => typeNames.includes(value.toLowerCase()),
      expected: `it is ${listed(typeNames)}`,
      words: typeNames,
    },
  ],
  [
    "sharing",
    {
      isValid: (value) => sharingModes.includes(value.toLowerCase()),
      expected: `it is ${listed(sharingModes)}`,
      words: sharingModes,
    },
  ],
  [
    "boolean",
    {
      isValid: (value) => /^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value),
      expected: "it takes true or false",
      words: [],
    },
  ],
  ["size", { isValid: isSize, expected: "write a number of bytes, or one with a unit such as 64m", words: [] }],
  [
    "mode",
    {
      isValid: (value) => /^[0-7]+$/.test(value) && parseInt(value, 8) < 2 ** 32,
      expected: "write an octal number such as 0755",
      words: [],
    },
  ],
  [
    "number",
    {
      isValid: (value) => /^[0-9]+$/.test(value) && Number(value) < 2 ** 32,
      expected: "write a number; names aren't resolved",
      words: [],
    },
  ],
]);

/** True for a size. @see github.com/docker/go-units RAMInBytes */
function isSize(value: string): boolean {
  return (
    /^\+?([0-9]+\.?[0-9]*|\.[0-9]+)( ?([kmgtp](i?b)?|b))?$/i.test(value) ||
    /^\+?([0-9]+\.?[0-9]*|\.[0-9]+) $/.test(value)
  );
}

/** Checks for options that can't be combined. */
function checkTogether(mount: Mount): void {
  const { type, given } = mount;
  if (type === undefined || !typeNames.includes(type)) return;
  for (const key of ["mode", "uid", "gid"]) {
    const option = given.get(key);
    if (option && (type === "bind" || type === "tmpfs"))
      reportKey(mount, option, `A ${type} mount doesn't take ${key}; remove it, or use a cache, secret or ssh mount`);
  }
  const sharing = given.get("sharing");
  if (sharing && type !== "cache")
    reportKey(mount, sharing, `Only a cache mount is shared between builds; remove sharing or write type=cache`);
  if (type === "secret") checkSecret(mount);
  checkTarget(mount);
}

function reportKey(mount: Mount, option: FlagOption, message: string): void {
  mount.problems.push(problem("mount", option.span, message));
}

function checkSecret(mount: Mount): void {
  const { flag } = mount;
  const from = givenValue(mount, "from");
  if (from)
    reportKey(mount, from, "A secret mount doesn't take from, because secrets come from the build's caller; remove it");
  const source = givenValue(mount, "source");
  const id = givenValue(mount, "id");
  if (!source && !id && !givenValue(mount, "target")) {
    mount.problems.push(
      problem(
        "mount",
        flag.value?.span ?? flag.span,
        "This secret has neither an id nor a target, so BuildKit can't tell which one to mount; add id=…",
      ),
    );
  }
  if (source && id) reportKey(mount, source, "source and id both name the secret; remove one of them");
}

function givenValue({ given }: Mount, key: string): FlagOption | undefined {
  const option = given.get(key);
  return option?.value?.value ? option : undefined;
}

function checkTarget(mount: Mount): void {
  const target = mount.given.get("target");
  const value = target?.value && literalValue(target.value, mount.escape);
  if (!target || value === undefined || mount.type === "secret" || mount.type === "ssh") return;
  if (value === "/") reportKey(mount, target, "A mount can't cover the root folder; use a folder below it");
}
