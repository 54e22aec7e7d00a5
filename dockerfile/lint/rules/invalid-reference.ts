import { parseReference } from "../../../oci/core/reference.ts";
import { usesWith } from "../../syntax/stages.ts";
import { variableReferences } from "../../syntax/expand/expand.ts";
import type { Word } from "../../syntax/syntax.ts";
import type { Build } from "../../semantics/build.ts";
import { isPlaceholder } from "../subject/placeholder.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "invalid-reference",
  group: "correctness",
  summary: "An image reference is invalid",
  why: "A build stops at an image reference that doesn't follow the grammar of `[registry/]repository[:tag][@digest]`: names are lower case, digests have exactly as many digits as their algorithm produces. Base images, `COPY --from` and the mounts of `RUN` are checked, with the defaults of build arguments.",
  severity: "error",
  aliases: [],
  sources: ["https://github.com/distribution/reference"],
  examples: [
    {
      bad: `FROM Debian:12
     ^^^^^^^^^ Debian:12 is not a valid image reference: the repository name must be lower case
`,
      good: `FROM debian:12
`,
    },
    {
      bad: `FROM alpine@sha256:12345678901234567890123456789012
     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ alpine@sha256:12345678901234567890123456789012 is not a valid image reference: sha256:12345678901234567890123456789012 is not a valid digest: expected sha256 with 64, sha384 with 96 or sha512 with 128 lower-case hex digits
`,
      good: `FROM alpine@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
`,
    },
  ],
  fixSafety: "safe",
  *check({ build }) {
    for (const { by, word, source } of usesWith(build.file, build.scopes)) {
      // A build may set another argument: invalid-default-arg-in-from reports those.
      if (source.kind !== "image" || (by === "from" && usesArgument(build, word))) continue;
      const parsed = parseReference(source.reference);
      if (!parsed.ok)
        yield {
          span: word.span,
          data: {
            reference: source.reference,
            problem: parsed.error.message.replaceAll("`", ""),
            lower: lowerCase(word.value),
          },
        };
    }
  },
  message: ({ reference, problem }) => `${reference} is not a valid image reference: ${problem}`,
  fix: ({ span, data: { lower } }) =>
    lower === undefined ? undefined : { title: `Write ${lower}`, changes: [{ span, text: lower }] },
});

function usesArgument({ file, scopes }: Build, word: Word): boolean {
  return variableReferences(word.logical, file.escape).some(
    ({ name }) => scopes.globalVariable(name)?.origin === "arg",
  );
}

/**
 * The word in lower case, if that makes it a valid reference; a tag keeps its case. Undefined for a placeholder such as
 * `BASE_IMAGE`.
 */
function lowerCase(written: string): string | undefined {
  const slash = written.lastIndexOf("/");
  const behindName = /[:@]/.exec(written.slice(slash + 1));
  const nameEnd = behindName ? slash + 1 + behindName.index : written.length;
  if (isPlaceholder(written.slice(0, nameEnd)) || /(?:^|\/)[A-Z\d]+[-_][A-Z\d_-]+$/.test(written.slice(0, nameEnd)))
    return undefined;
  const lower = written.slice(0, nameEnd).toLowerCase() + written.slice(nameEnd);
  return lower !== written && parseReference(lower).ok ? lower : undefined;
}
