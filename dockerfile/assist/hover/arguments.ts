import type { Instruction } from "../../syntax/syntax.ts";
import { touches } from "../instructionAt.ts";
import { ociLabels } from "../knowledge/labelKeys.ts";
import { ports } from "../knowledge/ports.ts";
import { signalDescription } from "../knowledge/signals.ts";
import type { CompletionInput } from "../completion/completion.ts";
import type { Located } from "../locate.ts";
import { hoverPath } from "./paths.ts";
import { code } from "./markdown.ts";

/** Explains a word after the flags: a path of the context, a port, a signal, a label. */
export function hoverArgument(
  input: CompletionInput,
  { instruction, word }: Extract<Located, { readonly kind: "argument" }>,
  offset: number,
): string | undefined {
  switch (instruction.keyword.value) {
    case "ADD":
    case "COPY":
      return hoverPath(input, word);
    case "EXPOSE":
      return hoverPort(word.value);
    case "STOPSIGNAL":
      return hoverSignal(word.value);
    case "LABEL":
      return hoverLabel(instruction, offset);
    default:
      return undefined;
  }
}

function hoverPort(written: string): string | undefined {
  const [, port = "", protocol = "tcp"] = /^(\d+)(?:\/(\w+))?$/.exec(written) ?? [];
  if (port === "") return undefined;
  const known = ports.get(Number(port));
  const privileged = Number(port) > 0 && Number(port) < 1024 ? "; below 1024, which may need privileges" : "";
  return `Port ${port}/${protocol.toLowerCase()}${known === undefined ? "" : `: ${known}`}${privileged}. EXPOSE documents it and opens nothing.`;
}

function hoverSignal(written: string): string | undefined {
  const signal = signalDescription(written);
  return signal && `${code(signal.name)}: ${signal.doc}`;
}

function hoverLabel({ pairs }: Instruction, offset: number): string | undefined {
  const key = pairs.find((pair) => touches(pair.key.span, offset))?.key.value.replace(/^(["'])(.*)\1$/, "$2");
  const doc = key === undefined ? undefined : ociLabels.get(key);
  return doc === undefined || key === undefined ? undefined : `${code(key)}: ${doc}`;
}
