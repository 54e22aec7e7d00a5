import type { ShellCommand, ShellWord } from "../../shell/shell.ts";
import { operandsOf, runsProgram } from "../../semantics/runCommands.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "go-version",
  group: "reproducibility",
  summary: "`go install` without a version installs the newest",
  why: "Outside a module, `go install` and `go run` of a package need a version; `@latest` can be a different one each time. Inside a module a bare path takes the version from `go.mod`, but a build that copies no `go.mod` has none.",
  severity: "info",
  aliases: ["DL3062"],
  sources: ["https://go.dev/ref/mod#go-install"],
  examples: [
    {
      bad: `FROM golang:1.25
RUN go install golang.org/x/tools/gopls@latest
               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ golang.org/x/tools/gopls has no fixed version; write golang.org/x/tools/gopls@<version>
`,
      good: `FROM golang:1.25
RUN go install golang.org/x/tools/gopls@v0.20.0
`,
    },
  ],
  *check(input) {
    for (const command of input.build.scripts().flatMap(({ script }) => script.commands)) {
      for (const { value, span } of packagesOf(command))
        if (isUnpinned(value)) yield { span, data: value.split("@", 1)[0] ?? value };
    }
  },
  message: (path) => `${path} has no fixed version; write ${path}@<version>`,
});

/** True for a remote package without a version; its path begins with a host name. */
function isUnpinned(word: string): boolean {
  return (
    /^[a-z0-9-]+(?:\.[a-z0-9-]+)+\//i.test(word) &&
    !/[$`]/.test(word) &&
    !/@(?!latest$|upgrade$|patch$|none$)./.test(word)
  );
}

function packagesOf(command: ShellCommand): readonly ShellWord[] {
  const [subcommand, ...packages] = runsProgram(command, "go") ? operandsOf(command) : [];
  // `go run` takes one package; what follows are its arguments.
  if (subcommand?.value === "run") return packages.slice(0, 1);
  return subcommand?.value === "install" || subcommand?.value === "get" ? packages : [];
}
