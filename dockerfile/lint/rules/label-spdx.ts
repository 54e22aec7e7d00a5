import { defineLabelFormatRule } from "../labels.ts";
import { spdxProblem } from "../spdx.ts";

export default defineLabelFormatRule({
  id: "label-spdx",
  group: "correctness",
  summary: "A label for a licence isn't an SPDX expression",
  why: "Scanners and registries read the licence of an image from its label, and understand SPDX expressions only: `MIT`, `Apache-2.0 OR GPL-2.0-or-later WITH Classpath-exception-2.0`.",
  aliases: ["DL3054"],
  sources: ["https://spdx.github.io/spdx-spec/v3.0.1/annexes/spdx-license-expressions/", "https://spdx.org/licenses/"],
  format: "spdx",
  examples: [
    {
      bad: `FROM scratch
LABEL org.opencontainers.image.licenses="Apache2.0"
                                        ^^^^^^^^^^^ SPDX doesn't list the licence Apache2.0; did you mean Apache-2.0?
`,
      good: `FROM scratch
LABEL org.opencontainers.image.licenses="Apache-2.0"
`,
    },
    {
      bad: `FROM scratch
LABEL licence="MIT / BSD-3-Clause"
              ^^^^^^^^^^^^^^^^^^^^ licence is not a valid SPDX expression: / is unexpected; join licences with AND or OR
`,
      good: `FROM scratch
LABEL licence="(MIT OR BSD-3-Clause) AND LicenseRef-Ours"
`,
      config: "label-schema:\n  licence: spdx\n",
    },
  ],
  isValid: (value) => spdxProblem(value) === undefined,
  message(key, value) {
    const problem = spdxProblem(value);
    if (problem?.kind !== "unknownLicence")
      return `${key} is not a valid SPDX expression: ${problem?.at ?? value} is unexpected; join licences with AND or OR`;
    return `SPDX doesn't list the licence ${problem.at}; ${problem.meant === undefined ? "use an id from spdx.org/licenses, or LicenseRef-… for your own" : `did you mean ${problem.meant}?`}`;
  },
  fixSafety: "unsafe",
  corrected(value) {
    const problem = spdxProblem(value);
    if (problem?.kind !== "unknownLicence" || problem.meant === undefined) return undefined;
    const [before = "", after, more] = value.split(problem.at);
    const text = `${before}${problem.meant}${after ?? ""}`;
    // The word may be part of another, or of a name that isn't known.
    const isClear = after !== undefined && more === undefined && spdxProblem(text) === undefined;
    return isClear ? { value: text, safety: "unsafe" } : undefined;
  },
});
