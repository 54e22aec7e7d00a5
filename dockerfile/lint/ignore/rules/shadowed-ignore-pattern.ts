import { contextWith } from "../../exampleFacts.ts";
import { defineIgnoreRule, type IgnoreLintInput } from "../rule.ts";
import { isLiteral, isMiswritten, judgedPatterns, named, withoutLine, type JudgedPattern } from "../patterns.ts";

interface Shadow {
  readonly why: "already" | "takenBack" | "nothingToTakeBack";
  /** The index of the pattern that shadows it. */
  readonly by?: number;
  readonly isDuplicate?: boolean;
}

export default defineIgnoreRule({
  id: "shadowed-ignore-pattern",
  group: "context",
  summary: "A pattern of an ignore file has no effect because of others",
  why: "The last pattern that matches a path decides. A pattern has no effect if it only repeats earlier ones, or if later patterns decide all of its matches. It makes the file longer and harder to understand.",
  severity: "hint",
  tags: ["unnecessary"],
  aliases: [],
  sources: ["https://docs.docker.com/build/concepts/context/#syntax"],
  examples: [
    {
      bad: `node_modules
*.md
node_modules
^^^^^^^^^^^^ node_modules has no effect: line 1 (node_modules) already decides the same
`,
      good: `node_modules
*.md
`,
    },
    {
      bad: `docs
**/*.md
^^^^^^^ **/*.md has no effect: line 1 (docs) already decides the same
!src
^^^^ !src has no effect: no line above excludes what it re-includes
`,
      good: `docs
`,
      facts: [contextWith({ ignoreText: "!src" }, { path: "docs/a.md", isIgnored: true }, "src/a.js")],
    },
  ],
  *check(input) {
    for (const judged of judgedPatterns(input)) {
      const shadow = isMiswritten(judged.pattern)
        ? undefined
        : (shadowInText(input, judged) ?? shadowInContext(judged));
      if (shadow)
        yield {
          span: judged.pattern.span,
          data: { pattern: judged.pattern, shadow, by: shadow.by === undefined ? "" : named(input.file, shadow.by) },
        };
    }
  },
  message({ pattern: { text }, shadow: { why }, by }) {
    if (why === "nothingToTakeBack") return `${text} has no effect: no line above excludes what it re-includes`;
    return `${text} has no effect: ${by} ${why === "already" ? "already decides the same" : "re-includes all of it"}`;
  },
  fixSafety: "safe",
  fix: ({ data: { pattern, shadow } }, { file }) => ({
    title: "Remove the pattern",
    changes: [withoutLine(file, pattern)],
    // A different pattern may be meant for files that don't exist yet.
    ...(!shadow.isDuplicate && { safety: "unsafe" as const }),
  }),
});

/**
 * The earlier pattern that covers this one, if no pattern between them changes the result, whatever the context
 * contains.
 */
function shadowInText({ file: { patterns } }: IgnoreLintInput, { index, pattern }: JudgedPattern): Shadow | undefined {
  for (let at = index - 1; at >= 0; at--) {
    const earlier = patterns[at];
    if (!earlier || earlier.isException !== pattern.isException) return undefined;
    const isDuplicate = earlier.pattern === pattern.pattern;
    if (isDuplicate || (isLiteral(pattern) && earlier.covers(pattern.pattern)))
      return { why: "already", by: at, isDuplicate };
  }
  return undefined;
}

function shadowInContext({ pattern, effect }: JudgedPattern): Shadow | undefined {
  if (!effect || effect.matched.length === 0 || effect.unlisted !== undefined || effect.leftOutBy !== undefined)
    return undefined;
  if (effect.changed === 0)
    return effect.earlier === undefined ? { why: "nothingToTakeBack" } : { why: "already", by: effect.earlier };
  return effect.remaining === 0 && !pattern.isException && effect.later !== undefined
    ? { why: "takenBack", by: effect.later }
    : undefined;
}
