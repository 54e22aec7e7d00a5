import { parseReference } from "../../../oci/core/reference.ts";
import { expandWith } from "../../syntax/expand/expand.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "invalid-default-arg-in-from",
  group: "correctness",
  summary: "`FROM` names no image unless build arguments are given",
  why: "With no `--build-arg` at all, the name comes out empty or broken, and the plain build fails. A default makes the file build as it stands.",
  severity: "warning",
  aliases: ["InvalidDefaultArgInFrom"],
  sources: ["https://docs.docker.com/reference/build-checks/invalid-default-arg-in-from/"],
  examples: [
    {
      bad: `ARG TAG
FROM alpine:\${TAG}
     ^^^^^^^^^^^^^ Without build arguments this is "alpine:", which names no image: give TAG a default
`,
      good: `ARG TAG=3.22
FROM alpine:\${TAG}
`,
    },
  ],
  *check({ build }) {
    const { globalVariable } = build.scopes;
    for (const { base } of build.file.stages) {
      if (!base?.value.includes("$")) continue;
      const missing: string[] = [];
      const lookup = (name: string): { readonly value: string } | undefined => {
        const variable = globalVariable(name);
        if (variable?.origin === "predefined") return { value: "linux" };
        if (variable && variable.value === undefined) missing.push(name);
        return variable?.value === undefined ? undefined : { value: variable.value };
      };
      const { value, failure } = expandWith(base.logical, build.file.escape, lookup);
      if (!failure && missing.length > 0 && !parseReference(value).ok)
        yield { span: base.span, data: { value, missing } };
    }
  },
  message: ({ value, missing }) =>
    `Without build arguments this is "${value}", which names no image: give ${[...new Set(missing)].join(" and ")} a default`,
});
