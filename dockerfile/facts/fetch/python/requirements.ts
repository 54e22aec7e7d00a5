import { join, posix } from "node:path";
import { readBounded } from "../../../../oci/files/readBounded.ts";
import { parseRequirement, type Requirement } from "../../../size/python/requirement.ts";
import { readRequirementsFile } from "../../../size/python/requirementsFile.ts";

/** The requirements in a command of pip and in the files that it names. */
export interface Requested {
  readonly roots: readonly Requirement[];
  readonly constraints: readonly Requirement[];
  readonly index?: string;
  readonly extraIndexes: readonly string[];
  readonly takesPrereleases: boolean;
  /** Reasons why more is installed than these requirements. */
  readonly problems: readonly string[];
}

interface Draft {
  readonly roots: Requirement[];
  readonly constraints: Requirement[];
  readonly extraIndexes: string[];
  readonly problems: string[];
  readonly seen: Set<string>;
  index: string | undefined;
  takesPrereleases: boolean;
}

const maxFileBytes = 4 * 1024 * 1024;
const maxFiles = 50;

interface NamedFiles {
  /** Requirements as given on the command line. */
  readonly requests: readonly string[];
  /** Paths in the build context. */
  readonly requirementFiles: readonly string[];
  readonly constraintFiles: readonly string[];
}

/** Reads the requirements files that a command names, and those that they name. Returns the reason if one can't be. */
export async function readRequested(root: string, named: NamedFiles): Promise<Requested | string> {
  const draft: Draft = {
    roots: [],
    constraints: [],
    extraIndexes: [],
    problems: [],
    seen: new Set(),
    index: undefined,
    takesPrereleases: false,
  };
  addAll(draft, named.requests, false);
  const files = [
    ...named.requirementFiles.map((path) => ({ path, isConstraint: false })),
    ...named.constraintFiles.map((path) => ({ path, isConstraint: true })),
  ];
  for (const file of files) {
    const problem = await addFile(draft, root, file);
    if (problem !== undefined) return problem;
  }
  const { seen: _seen, index, ...requested } = draft;
  return { ...requested, ...(index !== undefined && { index }) };
}

interface IncludedFile {
  readonly path: string;
  readonly isConstraint: boolean;
}

async function addFile(draft: Draft, root: string, { path, isConstraint }: IncludedFile): Promise<string | undefined> {
  if (draft.seen.has(path) || draft.seen.size >= maxFiles) return undefined;
  draft.seen.add(path);
  const file = await readBounded(join(root, path), { maxBytes: maxFileBytes, within: root });
  if (file.state !== "read")
    return `${path} can't be read: ${file.state === "absent" ? "it doesn't exist" : file.reason}`;
  const { requirements, includes, options } = readRequirementsFile(file.bytes.toString("utf8"));
  addAll(draft, requirements, isConstraint);
  const odd = addOptions(draft, options);
  if (odd !== undefined) return `${path} sets \`${odd}\`, which may change what is installed`;
  for (const include of includes) {
    const problem = await addFile(draft, root, {
      path: posix.join(posix.dirname(path), include.path),
      isConstraint: isConstraint || include.isConstraint,
    });
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function addAll(draft: Draft, texts: readonly string[], isConstraint: boolean): void {
  for (const text of texts) {
    const requirement = parseRequirement(text);
    if (requirement) (isConstraint ? draft.constraints : draft.roots).push(requirement);
    else if (!isConstraint) draft.problems.push(whyUnread(text));
  }
}

/** Of a text in a tooltip. */
const maxShown = 50;

function whyUnread(text: string): string {
  const shown = text.length > maxShown ? `${text.slice(0, maxShown - 1)}…` : text;
  const isElsewhere = /^(?:\.{0,2}\/|\.(?:\[|$)|[\w+]+:)|\.(?:whl|zip|tar\.gz)$|@/.test(text);
  return isElsewhere
    ? `installs ${shown.replace(/\/\/[^@/\s]*@/, "//")}`
    : `\`${shown}\` isn't a requirement that pip can read`;
}

/** Applies the options of a requirements file; returns the name of the first that isn't followed. */
function addOptions(draft: Draft, options: ReadonlyMap<string, string>): string | undefined {
  for (const [name, value] of options) {
    if (name === "-i" || name === "--index-url") draft.index = value;
    else if (name === "--extra-index-url") draft.extraIndexes.push(value);
    else if (name === "--pre") draft.takesPrereleases = true;
    else if (/^(?:-e|--editable)$/.test(name)) draft.problems.push(`installs ${value.slice(0, maxShown)}`);
    else if (!/^--(?:trusted-host|prefer-binary|require-hashes|use-feature)$/.test(name)) return name;
  }
  return undefined;
}
