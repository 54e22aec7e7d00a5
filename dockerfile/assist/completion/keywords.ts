import { instructionTable, type InstructionKnowledge } from "../../syntax/instructions.ts";
import type { Dockerfile } from "../../syntax/syntax.ts";
import { instructionSnippets } from "../knowledge/snippets.ts";
import { describeInstruction } from "../describe.ts";
import type { Completion, Offer } from "./completion.ts";
import type { Slot } from "./slot.ts";

/** The instructions that are allowed at a position. */
export function keywordOffer(file: Dockerfile, slot: Extract<Slot, { readonly kind: "keyword" }>): Offer {
  const { span, isTrigger } = slot;
  const isGlobal = span.start <= (file.stages[0]?.from.span.start ?? Infinity);
  const allowed = [...instructionTable.values()].filter(({ keyword, isTrigger: mayBeTrigger }) =>
    isTrigger ? mayBeTrigger : !isGlobal || keyword === "FROM" || keyword === "ARG",
  );
  const isFollowed = /^[ \t]+[^\s\\`]/.test(file.text.slice(span.end, span.end + 80));
  const toCase = usesLowerCase(file, slot) ? (text: string) => text.toLowerCase() : (text: string) => text;
  const items = allowed.flatMap((knowledge) => itemsOf(knowledge, isFollowed, toCase));
  return { items: items.toSorted((a, b) => Number(a.isDeprecated ?? false) - Number(b.isDeprecated ?? false)) };
}

function itemsOf(
  knowledge: InstructionKnowledge,
  isFollowed: boolean,
  toCase: (text: string) => string,
): readonly Completion[] {
  const { keyword, isDeprecated } = knowledge;
  const shared = {
    kind: "keyword",
    doc: describeInstruction(knowledge),
    ...(isDeprecated && { isDeprecated: true }),
  } as const;
  const written = toCase(keyword);
  // Text already written after the keyword must stay as it is.
  if (isFollowed) return [{ ...shared, label: written, text: written }];
  return instructionSnippets(keyword).map(({ label, snippet }) => ({
    ...shared,
    label: label.replace(keyword, written),
    text: plainText(written, snippet),
    snippet: `${written} ${snippet}`,
  }));
}

/** The snippet without tab stops; flags and words that need no input are kept. */
function plainText(keyword: string, snippet: string): string {
  const fixed = /^[^$"[]*/.exec(snippet)?.[0] ?? "";
  return `${keyword} ${fixed.slice(0, fixed.lastIndexOf("--from=") < 0 ? undefined : "--from=".length)}`.trimEnd();
}

/**
 * True if most instructions of the file are in lower case, or, in a file without instructions, the typed letters are.
 */
function usesLowerCase({ instructions, text }: Dockerfile, { span }: Slot): boolean {
  const others = instructions.filter(({ keyword }) => keyword.span.start !== span.start && keyword.written !== "");
  if (others.length === 0) {
    const typed = text.slice(span.start, span.end);
    return typed !== "" && typed === typed.toLowerCase();
  }
  return others.filter(({ keyword }) => keyword.written === keyword.written.toLowerCase()).length * 2 > others.length;
}
