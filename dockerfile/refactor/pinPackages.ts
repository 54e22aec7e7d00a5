import { unpinnedAptPackages } from "../semantics/packages/aptInstalls.ts";
import { aptVersionsAt } from "../size/programs/aptVersions.ts";
import { counted } from "../../oci/core/text.ts";
import type { Refactor } from "./refactoring.ts";

/** Pins the packages that a RUN installs by apt to the versions that it would install now. */
export const pinPackages: Refactor = ({ build, instruction }) => {
  const scripts = build.scripts().filter((each) => each.instruction === instruction);
  const packages = scripts.flatMap(({ script }) => script.commands.flatMap(unpinnedAptPackages));
  const versions = packages.length === 0 ? undefined : aptVersionsAt(build, instruction);
  if (versions === undefined || versions === "pending") return [];
  const pinned = packages.flatMap(({ value, span }) => {
    const version = versions.candidate(value.replace(/:.*/, ""));
    return version === undefined ? [] : [{ name: value, version, end: span.end }];
  });
  const [first] = pinned;
  if (!first) return [];
  return [
    {
      title: titleOf(first, pinned.length, packages.length),
      kind: "rewrite",
      changes: pinned.map(({ version, end }) => ({ span: { start: end, end }, text: `=${version}` })),
    },
  ];
};

function titleOf(
  { name, version }: { readonly name: string; readonly version: string },
  pinned: number,
  all: number,
): string {
  if (all === 1) return `Pin ${name} to ${version}, its version now`;
  const which = pinned === all ? counted(all, "package") : `${pinned} of ${counted(all, "package")}`;
  return `Pin ${which} to ${pinned === 1 ? "its version" : "their versions"} now`;
}
