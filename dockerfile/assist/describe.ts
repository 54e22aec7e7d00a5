import type { FlagKnowledge } from "../syntax/instructions/flags.ts";
import type { MountOptionKnowledge } from "../syntax/instructions/mountOptions.ts";
import type { InstructionKnowledge } from "../syntax/instructions.ts";

// Texts in Markdown that completion and hover share.

export function describeInstruction({ doc, synopsis, source, isDeprecated }: InstructionKnowledge): string {
  const forms = synopsis.map((form) => `    ${form}`).join("\n");
  return `${isDeprecated ? "**Deprecated.** " : ""}${doc}.\n\n${forms}\n\n[Dockerfile reference](${source})`;
}

export function describeFlag({ doc, since, isLabs, isRepeatable }: FlagKnowledge, source: string): string {
  const notes = [versionNote(since, isLabs), ...(isRepeatable ? ["may be repeated"] : [])].filter(
    (note) => note !== "",
  );
  return `${doc}.${notes.length > 0 ? `\n\n${notes.join("; ")}` : ""}\n\n[Dockerfile reference](${source})`;
}

export function describeMountOption({ doc, since, types, aliases }: MountOptionKnowledge): string {
  const notes = [
    `for ${types.join(", ")}`,
    ...(aliases.length > 0 ? [`also written ${aliases.map((alias) => `\`${alias}\``).join(", ")}`] : []),
    ...(since === undefined ? [] : [versionNote(since)]),
  ];
  return `${doc}.\n\n${notes.join("; ")}\n\n[Dockerfile reference](https://docs.docker.com/reference/dockerfile/#run---mount)`;
}

/** `needs docker/dockerfile:1.4`; empty if every version has it. */
export function versionNote(since: string | undefined, isLabs?: boolean): string {
  if (isLabs) return "needs `docker/dockerfile:1-labs`";
  return since === undefined ? "" : `needs \`docker/dockerfile:${since}\``;
}
