import type { ContextIndex } from "./contextIndex.ts";
import { nameOf } from "./matchSource.ts";

/** A kind of folder that a build rarely needs: files that tools keep, fetch or can recreate. */
interface NeedlessKind {
  readonly name: RegExp;
  /** A file next to it, or in it, without which the name isn't conclusive. */
  readonly beside?: readonly string[];
  readonly inside?: readonly string[];
}

// @see https://git-scm.com/docs/gitrepository-layout, https://docs.npmjs.com/cli/configuring-npm/folders,
// https://peps.python.org/pep-0405/, https://doc.rust-lang.org/cargo/reference/build-cache.html
const kinds: readonly NeedlessKind[] = [
  { name: /^\.git$/, inside: ["HEAD", "config"] },
  {
    name: /^\.(?:hg|svn|gradle|tox|nox|venv|terraform|next|nuxt|svelte-kit|nyc_output|turbo|parcel-cache|pytest_cache|mypy_cache|ruff_cache|idea|vs|bundle)$|^(?:__pycache__|bower_components)$/,
  },
  { name: /^node_modules$/ },
  { name: /^(?:venv|env)$/, inside: ["pyvenv.cfg"] },
  { name: /^target$/, beside: ["Cargo.toml", "pom.xml", "build.sbt"] },
  { name: /^build$/, beside: ["build.gradle", "build.gradle.kts"] },
  { name: /^obj$/, inside: ["project.assets.json"] },
  { name: /^coverage$/, inside: ["lcov.info", "coverage-final.json"] },
];

/** Positions of such folders, except those inside another one. Computed once per context. */
export function generatedFolders(index: ContextIndex): readonly number[] {
  return index.memo("needless folders", () => {
    const found: number[] = [];
    for (let at = 0; at < index.files.length;) {
      const isFound = index.files[at]?.kind === "directory" && isNeedless(index, at);
      if (isFound) found.push(at);
      at = isFound ? (index.ends[at] ?? index.files.length) : at + 1;
    }
    return found;
  });
}

function isNeedless(index: ContextIndex, at: number): boolean {
  const file = index.files[at];
  const kind = kinds.find(({ name }) => name.test(nameOf(file)));
  if (!file || !kind) return false;
  const parent = file.path.slice(0, file.path.lastIndexOf("/") + 1);
  const has = (folder: string, names: readonly string[] | undefined): boolean =>
    names?.some((name) => index.positionOf(`${folder}${name}`) !== undefined) ?? true;
  return has(parent, kind.beside) && has(`${file.path}/`, kind.inside);
}
