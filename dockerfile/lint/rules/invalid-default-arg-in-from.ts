import { parseReference } from "../../../oci/core/reference.ts";
import { expandWith } from "../../syntax/expand/expand.ts";
import type { Word } from "../../syntax/syntax.ts";
import type { Build } from "../../semantics/build.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "invalid-default-arg-in-from",
  group: "correctness",
  summary: "`FROM` isn't a valid image name without build arguments",
  why: "Without any `--build-arg`, the name is empty or invalid and the build fails. A default makes the file build as it is.",
  severity: "warning",
  aliases: ["InvalidDefaultArgInFrom"],
  sources: ["https://docs.docker.com/reference/build-checks/invalid-default-arg-in-from/"],
  examples: [
    {
      bad: `ARG SUFFIX="box:"
FROM busy\${SUFFIX}
     ^^^^^^^^^^^^^ Without build arguments this is "busybox:", which isn't an image name; change the default of SUFFIX
`,
      good: `ARG SUFFIX="box:1.37"
FROM busy\${SUFFIX}
`,
    },
    {
      bad: `ARG TAG
FROM alpine:\${TAG}
     ^^^^^^^^^^^^^ Without build arguments this is "alpine:", which isn't an image name; give TAG a default
`,
      good: `ARG TAG=3.22
FROM alpine:\${TAG}
`,
    },
  ],
  *check({ build }) {
    for (const { base } of build.file.stages) {
      if (!base?.value.includes("$")) continue;
      const { value, missing, defaulted, failure } = withDefaults(build, base);
      if (!failure && missing.length + defaulted.length > 0 && !parseReference(value).ok)
        yield { span: base.span, data: { value, missing: [...new Set(missing)], defaulted: [...new Set(defaulted)] } };
    }
  },
  message: ({ value, missing, defaulted }) =>
    `Without build arguments this is "${value}", which isn't an image name; ${
      missing.length > 0
        ? `give ${missing.join(" and ")} a default`
        : `change the default of ${defaulted.join(" and ")}`
    }`,
});

interface DefaultedBase {
  readonly value: string;
  /** The arguments in it without a default. */
  readonly missing: readonly string[];
  /** The arguments in it with a default. */
  readonly defaulted: readonly string[];
  readonly failure: boolean;
}

/** The word of a FROM as read by a build without arguments. */
function withDefaults({ file, scopes }: Build, base: Word): DefaultedBase {
  const missing: string[] = [];
  const defaulted: string[] = [];
  const { value, failure } = expandWith(base.logical, file.escape, (name) => {
    const variable = scopes.globalVariable(name);
    if (variable?.origin === "predefined") return { value: "linux" };
    if (variable) (variable.value === undefined ? missing : defaulted).push(name);
    return variable?.value === undefined ? undefined : { value: variable.value };
  });
  return { value, missing, defaulted, failure: failure !== undefined };
}
