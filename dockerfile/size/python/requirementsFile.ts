/** The content of a requirements file. */
export interface RequirementsFile {
  /** Requirements as written, without options such as `--hash`. */
  readonly requirements: readonly string[];
  /** Other requirements files and constraint files that it names. */
  readonly includes: readonly { readonly path: string; readonly isConstraint: boolean }[];
  /** Options for the whole file by name, such as `--index-url`; the last value counts. */
  readonly options: ReadonlyMap<string, string>;
}

/** Options of a line that only say how to check or build a package. */
const ofLine = /\s--(?:hash|config-settings?|global-option)(?:[=\s]).*$/s;

/**
 * Reads a requirements file.
 *
 * @see https://pip.pypa.io/en/stable/reference/requirements-file-format/
 */
export function readRequirementsFile(text: string): RequirementsFile {
  const requirements: string[] = [];
  const includes: { path: string; isConstraint: boolean }[] = [];
  const options = new Map<string, string>();
  for (const line of linesOf(text)) {
    const [, name, value = ""] = /^(-[a-zA-Z]|--[a-z-]+)(?:\s*=\s*|\s+|(?<=^-[a-zA-Z]))?(.*)$/s.exec(line) ?? [];
    if (name === undefined) requirements.push(line.replace(ofLine, "").trim());
    else if (/^(?:-r|--requirement|-c|--constraint)$/.test(name))
      includes.push({ path: value, isConstraint: /^(?:-c|--constraint)$/.test(name) });
    else options.set(name, value);
  }
  return { requirements, includes, options };
}

/** Lines without comments; a backslash at the end joins two. */
function linesOf(text: string): readonly string[] {
  return text
    .replace(/^\uFEFF/, "")
    .replace(/\\\r?\n/g, " ")
    .split(/\r?\n/)
    .map((line) => line.replace(/(?:^|\s)#.*$/, "").trim())
    .filter((line) => line !== "");
}
