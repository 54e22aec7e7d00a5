import type { LintConfigFileFact } from "../../dockerfile/facts/fact.ts";
import { isInside } from "../../dockerfile/facts/candidateRoots.ts";
import type { FactStore } from "../../dockerfile/facts/store.ts";
import { decodeLintConfig, type ConfigProblem } from "../../dockerfile/lint/config/hadolintYaml.ts";
import { noConfig, type LintConfig } from "../../dockerfile/lint/config/lintConfig.ts";

/** What is wrong in a configuration file; nothing, once it is in order or no longer in use. */
export interface ConfigProblems {
  /** Absolute. */
  readonly path: string;
  /** As it was read; empty where it could not be. */
  readonly text: string;
  readonly problems: readonly ConfigProblem[];
}

/** The configuration files of the open Dockerfiles. They are read as facts are: a change is seen once it has been read. */
export class LintConfigs {
  readonly #facts: FactStore;
  readonly #publish: (found: ConfigProblems) => void;
  /** By the Dockerfile. */
  readonly #inUse = new Map<string, LintConfigFileFact>();
  readonly #decoded = new WeakMap<
    LintConfigFileFact,
    { readonly config: LintConfig; readonly problems: ConfigProblems | undefined }
  >();

  /** `publish` is called for each file when it comes into use, when it has changed, and when it is no longer in use. */
  constructor(facts: FactStore, publish: (found: ConfigProblems) => void) {
    this.#facts = facts;
    this.#publish = publish;
  }

  /** What applies to a Dockerfile, given by its absolute path. */
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

  /** The Dockerfile was closed. */
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

// A file on this machine's disk is there within a few. Editors that can't be told to ask again would keep the findings of the defaults; a disk that hangs must not keep them waiting.
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
