import { instructionKnowledge } from "../../syntax/instructions.ts";
import { describeInstruction } from "../describe.ts";
import { locate, type Located } from "../locate.ts";
import type { CompletionInput } from "../completion/completion.ts";
import { hoverArgument } from "./arguments.ts";
import { hoverComment, hoverDirective } from "./comments.ts";
import { hoverFlag, hoverMountOption } from "./flags.ts";
import type { HoverText } from "./hoverText.ts";
import { hoverHeredoc } from "./heredocs.ts";
import { hoverBase, hoverSource, hoverStage } from "./images.ts";
import { hoverPath } from "./paths.ts";
import { hoverDefinition, hoverVariable } from "./variables.ts";

/**
 * Explains the part of a Dockerfile at an offset, from the text and the facts known so far; undefined without an
 * explanation.
 */
export function hoverAt(input: CompletionInput, offset: number): HoverText | undefined {
  const located = locate(input.build.file, offset);
  if (!located) return undefined;
  if (located.kind === "comment") return hoverComment(input.build.file, located.span, offset);
  const markdown = explain(input, located, offset);
  if (markdown === undefined || markdown === "") return undefined;
  return { span: located.kind === "variable" ? located.reference.span : located.span, markdown };
}

type Thing = Exclude<Located, { readonly kind: "comment" }>;

function explain(input: CompletionInput, located: Thing, offset: number): string | undefined {
  switch (located.kind) {
    case "variable":
      return hoverVariable(input, located);
    case "definition":
      return hoverDefinition(input, located);
    case "stageName":
      return hoverStage(input, located.stage);
    case "base":
      return hoverBase(input, located.stage);
    case "source":
      return hoverSource(input, located.word);
    case "argument":
      return hoverArgument(input, located, offset);
    default:
      return explainGrammar(input, located, offset);
  }
}

function explainGrammar(input: CompletionInput, located: Thing, offset: number): string | undefined {
  switch (located.kind) {
    case "directive":
      return hoverDirective(located, offset);
    case "keyword":
      return hoverKeyword(located.instruction.keyword.value);
    case "flag":
    case "flagValue":
      return hoverFlag(located.instruction.keyword.value, located.flag.name);
    case "mountKey":
      return hoverMountOption(located.option.key);
    case "mountValue":
      return hoverPath(input, located.word) ?? hoverMountOption(located.option.key, located.word.value);
    case "heredoc":
      return hoverHeredoc(input.build.file, located);
    default:
      return undefined;
  }
}

function hoverKeyword(keyword: string): string | undefined {
  const knowledge = instructionKnowledge(keyword);
  return knowledge && describeInstruction(knowledge);
}
