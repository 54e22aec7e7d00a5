import { counted } from "../../oci/core/text.ts";
import type { ShellWord } from "../shell/shell.ts";
import { unpinnedPackages, versionedProgram } from "../versions/versions.ts";
import type { Refactor, Selected } from "./refactoring.ts";

/** Each is a request, where an index has a file for each package. */
const maxPackages = 100;

/** Pins the packages that a RUN installs to the versions that it would install now. */
export const pinPackages: Refactor = (selected) => {
  const packages = installedBy(selected);
  const pinned = packages.flatMap(({ written, at, version, separator }) =>
    version === undefined ? [] : [{ name: written, version, at, separator }],
  );
  const [first] = pinned;
  if (!first) return [];
  return [
    {
      title: titleOf(first, pinned.length, packages.length),
      kind: "rewrite",
      changes: pinned.map(({ version, at, separator }) => ({
        span: { start: at, end: at },
        text: `${separator}${version}`,
      })),
    },
  ];
};

/** The packages without a version; nothing while an index is being asked. */
function installedBy({ build, instruction }: Selected) {
  const commands = build
    .scripts()
    .flatMap((each) => (each.instruction === instruction ? each.script.commands : []))
    .flatMap((command) => {
      const program = versionedProgram(command.name);
      return program ? [{ program, command, packages: unpinnedPackages(command, program) }] : [];
    });
  if (commands.reduce((sum, { packages }) => sum + packages.length, 0) > maxPackages) return [];
  const all = commands.flatMap(({ program, command, packages }) => {
    const words = command.arguments.map(({ value }) => value);
    return packages.map(({ word, written, name }) => ({
      written,
      at: endOf(build.file.text.slice(word.span.start, word.span.end), word, written),
      separator: program.separator,
      found: program.find({ build, instruction, words, isWhole: true }, name),
    }));
  });
  if (all.some(({ found }) => found === "pending")) return [];
  return all.map(({ found, ...place }) => ({
    ...place,
    version: typeof found === "object" ? found.candidate : undefined,
  }));
}

/** The end of the package in the file; inside the quotes of a word that is quoted as a whole. */
function endOf(text: string, { value, span }: ShellWord, written: string): number {
  if (text.slice(1, -1) === value) return span.start + 1 + written.length;
  return written === value ? span.end : span.start + written.length;
}

function titleOf(
  { name, version }: { readonly name: string; readonly version: string },
  pinned: number,
  all: number,
): string {
  if (all === 1) return `Pin ${name} to ${version}, its version now`;
  const which = pinned === all ? counted(all, "package") : `${pinned} of ${counted(all, "package")}`;
  return `Pin ${which} to ${pinned === 1 ? "its version" : "their versions"} now`;
}
