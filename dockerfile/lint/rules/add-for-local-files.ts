import type { Instruction } from "../../syntax/syntax.ts";
import { isRemote } from "../../context/remote.ts";
import type { Build } from "../../semantics/build.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "add-for-local-files",
  group: "style",
  summary: "`ADD` is used where `COPY` is enough",
  why: "`ADD` also downloads URLs, clones repositories and unpacks archives. For plain files and folders `COPY` does the same and makes clear that nothing else happens.",
  severity: "warning",
  aliases: ["DL3020"],
  sources: ["https://docs.docker.com/build/building/best-practices/#add-or-copy"],
  examples: [
    {
      bad: `FROM alpine:3.22
ADD --chown=1000 src/ /app/src/
^^^ Use COPY: ADD does nothing more here
ADD rootfs.tar.xz /
ADD https://example.org/a.bin /a.bin
`,
      good: `FROM alpine:3.22
COPY --chown=1000 src/ /app/src/
ADD rootfs.tar.xz /
ADD https://example.org/a.bin /a.bin
`,
    },
  ],
  *check({ build }) {
    for (const outer of build.file.instructions) {
      const instruction = outer.trigger ?? outer;
      const sources =
        instruction.keyword.value === "ADD" && !instruction.flags.some(({ name }) => onlyForAdd.has(name))
          ? sourcesOf(build, instruction)
          : undefined;
      if (sources && sources.length > 0 && !sources.some(needsAdd))
        yield {
          span: instruction.keyword.span,
          data: { keyword: instruction.keyword, isCertain: sources.every(isNoArchive) },
        };
    }
  },
  message: () => "Use COPY: ADD does nothing more here",
  fixSafety: "safe",
  fix: ({ span, data: { keyword, isCertain } }) => ({
    title: "Use COPY",
    changes: [{ span, text: keyword.written === "add" ? "copy" : "COPY" }],
    ...(!isCertain && { safety: "unsafe" as const }),
  }),
});

const onlyForAdd: ReadonlySet<string> = new Set(["checksum", "unpack", "keep-git-dir"]);

/** The sources of an instruction; undefined if one depends on an unknown value. */
function sourcesOf(build: Build, instruction: Instruction): readonly string[] | undefined {
  const words = instruction.arguments.slice(0, -1);
  const expanded = words.flatMap(({ logical }) => build.expand(instruction, logical) ?? []);
  return expanded.length === words.length ? expanded : undefined;
}

/**
 * True for a folder, or a file whose name shows that it isn't an archive. ADD goes by the content: `ADD app /` unpacks
 * `app` if it is an archive, and a pattern may match one.
 */
function isNoArchive(source: string): boolean {
  if (/[*?[]/.test(source)) return false;
  return /(?:^|\/)\.{0,2}$/.test(source) || plainFile.test(source);
}

const plainFile =
  /(?:\.(?:[cm]?[jt]sx?|json5?|ya?ml|toml|ini|conf|cnf|cfg|properties|env|xml|html?|css|md|txt|csv|sql|sh|bash|zsh|py|rb|php|pl|go|rs|java|c|h|cpp|hpp|cs|lock|service|list|repo|key|pem|crt|pub|jar|war|deb|rpm|whl|zip)|(?:^|\/)(?:Makefile|Gemfile|Rakefile|Procfile|Pipfile|LICENSE|README|\.[a-z]+rc))$/i;

/** True if the name of the source requires ADD. BuildKit itself goes by the content. */
function needsAdd(source: string): boolean {
  return (
    isRemote(source) ||
    /\.git(?:#|$)/.test(source) ||
    /\.(?:tar|tgz|tbz2?|txz|tzst|tar\.\w+|tlz|tz|tb2|gz|bz2|xz|zst|Z)$/i.test(source)
  );
}
