import { indexOf } from "../../../context/contextIndex.ts";
import { suggestPath } from "../../../context/suggestPath.ts";
import { context } from "../../exampleFacts.ts";
import { defineIgnoreRule, type IgnoreLintInput } from "../rule.ts";
import {
  isLiteral,
  isMiswritten,
  judgedPatterns,
  knownContext,
  matchesNothing,
  withoutLine,
  type JudgedPattern,
} from "../patterns.ts";

export default defineIgnoreRule({
  id: "unmatched-ignore-pattern",
  group: "context",
  summary: "A pattern of an ignore file matches nothing",
  why: `Patterns outlive the files they were written for. One without a match does no harm, but readers believe that it does something. Paths are relative to the root of the build context, not of the machine, and \`..\` leads nowhere.

Patterns that exclude secrets and repositories as a precaution (\`.env\`, \`*.pem\`, \`.git\`) are not reported.`,
  severity: "hint",
  tags: ["unnecessary"],
  aliases: [],
  sources: ["https://docs.docker.com/build/concepts/context/#syntax"],
  examples: [
    {
      bad: `*.log
coverage
^^^^^^^^ coverage matches nothing in the build context
../secrets
^^^^^^^^^^ ../secrets matches nothing: patterns are relative to the build context, and nothing outside it is ever sent
`,
      good: `*.log
`,
      facts: [context({ path: "a.log", isIgnored: true })],
    },
  ],
  *check(input) {
    for (const judged of judgedPatterns(input)) {
      if (matchesNothing(judged) && !isElsewhereReported(input, judged))
        yield { span: judged.pattern.span, data: judged.pattern };
    }
  },
  message: ({ text, pattern }) =>
    pattern.startsWith("../") || pattern === ".."
      ? `${text} matches nothing: patterns are relative to the build context, and nothing outside it is ever sent`
      : `${text} matches nothing in the build context`,
  fixSafety: "unsafe",
  fix: ({ data: pattern }, { file }) => ({ title: "Remove the pattern", changes: [withoutLine(file, pattern)] }),
});

// Patterns for files that may be added later are a precaution, even without a match.
const precaution =
  /(?:^|[/*])(?:\.(?:env|git|hg|svn|aws|ssh|kube|docker|npmrc|netrc|pypirc)|id_[a-z0-9*]+$|[^/]*(?:secret|credential|password|token))|\.(?:env|pem|key|p12|pfx|jks|ppk|kdbx|tfstate)(?:[.*].*)?$/i;

function isElsewhereReported(input: IgnoreLintInput, { pattern, index }: JudgedPattern): boolean {
  if (isMiswritten(pattern) || (precaution.test(pattern.pattern) && !pattern.pattern.startsWith("../"))) return true;
  if (!isLiteral(pattern)) return false;
  // Inside a folder that another pattern excludes as a whole, which wasn't searched.
  if (input.file.patterns.some((other, at) => at !== index && other.covers(pattern.pattern))) return true;
  const context = knownContext(input);
  return context !== undefined && suggestPath(indexOf(context), pattern.pattern, "strict") !== undefined;
}
