import type { Instruction, Stage } from "../../syntax/syntax.ts";
import { indentationAt, newlineOf } from "../../edit/edits.ts";
import { baseFamilyOf } from "../../semantics/baseFamilies.ts";
import type { Build } from "../../semantics/build.ts";
import { isRoot } from "../../semantics/runtimeUser.ts";
import type { RuleFix } from "../rule.ts";

/**
 * Makes the last stage run as a non-root user: one that the file used before, else a new one if the base image's name
 * shows how to create it.
 */
export function addUser(build: Build): RuleFix | undefined {
  const stage = build.file.stages.at(-1);
  const lines = stage && userLines(build, stage);
  if (!lines) return undefined;
  const newline = newlineOf(build.file);
  const title = "Add a non-root USER";
  const start = startOf(stage);
  if (!start) {
    const end = (stage.instructions.at(-1) ?? stage.from).span.end;
    return { title, changes: [{ span: { start: end, end }, text: lines.map((line) => newline + line).join("") }] };
  }
  const place = (start.leadingComments[0] ?? start).span.start;
  const indentation = indentationAt(build.file, place);
  const at = place - indentation.length;
  return {
    title,
    changes: [{ span: { start: at, end: at }, text: lines.map((line) => indentation + line + newline).join("") }],
  };
}

function userLines(build: Build, stage: Stage): readonly string[] | undefined {
  const users = build
    .stageChain(stage)
    .flatMap(({ instructions }) => instructions.filter(({ keyword }) => keyword.value === "USER").toReversed());
  const known = users.map(({ rest }) => rest.text.trim()).find((user) => /^[\w.:-]+$/.test(user) && !isRoot(user));
  if (known !== undefined) return [`USER ${known}`];
  // A file that creates users already has one in mind, and may have taken the name.
  const family = /\b(?:useradd|adduser)\b/.test(build.file.text) ? undefined : baseFamilyOf(build, stage);
  if (family === "debian") return ["RUN useradd --create-home --shell /usr/sbin/nologin app", "USER app"];
  return family === "alpine" ? ["RUN adduser -D app", "USER app"] : undefined;
}

/** The first CMD or ENTRYPOINT after everything that may need root. */
function startOf({ instructions }: Stage): Instruction | undefined {
  const last = instructions.findLastIndex(({ keyword }) => !declarations.has(keyword.value));
  return instructions.slice(last + 1).find(({ keyword }) => keyword.value === "CMD" || keyword.value === "ENTRYPOINT");
}

const declarations: ReadonlySet<string> = new Set([
  "CMD",
  "ENTRYPOINT",
  "EXPOSE",
  "HEALTHCHECK",
  "LABEL",
  "STOPSIGNAL",
  "VOLUME",
  "ENV",
  "ONBUILD",
]);
