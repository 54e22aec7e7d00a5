import type { LintConfigFileFact } from "../../dockerfile/facts/fact.ts";
import { isInside } from "../../dockerfile/facts/candidateRoots.ts";
import type { FactStore } from "../../dockerfile/facts/store.ts";
import { decodeLintConfig, type ConfigProblem } from "../../dockerfile/lint/config/hadolintYaml.ts";
import { noConfig, type LintConfig } from "../../dockerfile/lint/config/lintConfig.ts";

/** The problems in a configuration file; empty once it is valid or no longer used. */
export interface ConfigProblems {
  /** Absolute. */
  readonly path: string;
  /** As read; empty if that failed. */
  readonly text: string;
  readonly problems: readonly ConfigProblem[];
}

/**
 * The configuration files of the open Dockerfiles. They are read as facts: a change is noticed once it has been read.
 */
export class LintConfigs {
  readonly #facts: FactStore;
  readonly #publish: (found: ConfigProblems) => void;
  /** Keyed by the Dockerfile. */
  readonly #inUse = new Map<string, LintConfigFileFact>();
  readonly #decoded = new WeakMap<
    LintConfigFileFact,
    { readonly config: LintConfig; readonly problems: ConfigProblems | undefined }
  >();

  /** `publish` is called for each file when it comes into use, changes, or is no longer used. */
  constructor(facts: FactStore, publish: (found: ConfigProblems) => void) {
    this.#facts = facts;
    this.#publish = publish;
  }

  /** The configuration that applies to a Dockerfile, given by its absolute path. */
  async configOf(dockerfilePath: string, workspaceFolders: readonly string[]): Promise<LintConfig> {
    const [workspaceFolder] = workspaceFolders
      .filter((folder) => isInside(folder, dockerfilePath))
      .toSorted((a, b) => a.length - b.length);
    const scope = { dockerfilePath, ...(workspaceFolder !== undefined && { workspaceFolder }) };
    await this.#facts.waitFor({ kind: "lintConfigFile" }, scope, maxWaitMs);
    const found = this.#facts.view(scope).get({ kind: "lintConfigFile" });
    if (found.state !== "known") return noConfig;
    const before = this.#inUse.get(dockerfilePath);
    this.#inUse.set(dockerfilePath, found.value);
    const { config, problems } = this.#decode(found.value);
    if (before !== found.value && problems) this.#publish(problems);
    if (before && before !== found.value) this.#clearUnused(before);
    return config;
  }

  /** Called when the Dockerfile was closed. */
  forget(dockerfilePath: string): void {
    const before = this.#inUse.get(dockerfilePath);
    this.#inUse.delete(dockerfilePath);
    if (before) this.#clearUnused(before);
  }

  #clearUnused(file: LintConfigFileFact): void {
    if (file.kind === "none") return;
    const isInUse = [...this.#inUse.values()].some((other) => other.kind !== "none" && other.path === file.path);
    if (!isInUse) this.#publish({ path: file.path, text: "", problems: [] });
  }

  #decode(file: LintConfigFileFact) {
    let decoded = this.#decoded.get(file);
    if (!decoded) this.#decoded.set(file, (decoded = decodeFile(file)));
    return decoded;
  }
}

// A file on a local disk arrives within a few milliseconds. Editors that can't be told to request again would keep the
// findings of the defaults; a disk that hangs must not delay them.
const maxWaitMs = 200;

function decodeFile(file: LintConfigFileFact): {
  readonly config: LintConfig;
  readonly problems: ConfigProblems | undefined;
} {
  switch (file.kind) {
    case "none":
      return { config: noConfig, problems: undefined };
    case "unreadable":
      return {
        config: noConfig,
        problems: {
          path: file.path,
          text: "",
          problems: [
            {
              span: { start: 0, end: 0 },
              line: 0,
              message: `this configuration could not be read, so the defaults apply: ${file.reason}`,
            },
          ],
        },
      };
    case "file": {
      const { config, problems } = decodeLintConfig(file.text);
      return { config, problems: { path: file.path, text: file.text, problems } };
    }
  }
}
