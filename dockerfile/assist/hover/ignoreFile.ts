import { counted } from "../../../oci/core/text.ts";
import { indexOf } from "../../context/contextIndex.ts";
import { ignoreEffects } from "../../context/ignoreEffects.ts";
import type { Facts } from "../../facts/fact.ts";
import type { IgnoreDocument } from "../../lint/ignore/document.ts";
import { touches } from "../instructionAt.ts";
import { hoverComment } from "./comments.ts";
import type { HoverText } from "./hoverText.ts";
import { code, paragraphs } from "./markdown.ts";

/** Explains a pattern of an ignore file by its effect in the build context, and a rule in an ignore comment. */
export function hoverIgnoreFile(file: IgnoreDocument, facts: Facts, offset: number): HoverText | undefined {
  const comment = file.comments.find((span) => touches(span, offset));
  if (comment) return hoverComment(file, comment, offset);
  const at = file.patterns.findIndex(({ span }) => touches(span, offset));
  const pattern = file.patterns[at];
  const fact = facts.get({ kind: "contextFiles" });
  if (!pattern || fact.state !== "known" || fact.value.isTruncated) return undefined;
  const effect = ignoreEffects(fact.value, file.patterns)?.[at];
  if (!effect) return undefined;
  const index = indexOf(fact.value);
  const examples = effect.matched.slice(0, 5).map((position) => `- ${code(index.files[position]?.path ?? "")}`);
  const verb = pattern.isException ? "Takes back in" : "Ignores";
  return {
    span: pattern.span,
    markdown: paragraphs(
      `${verb} ${counted(effect.changed, "path")} of the build context.`,
      examples.length === 0 ? "Nothing matches." : `Matches:\n${examples.join("\n")}`,
    ),
  };
}
