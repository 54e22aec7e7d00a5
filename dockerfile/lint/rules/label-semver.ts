import { defineLabelFormatRule } from "../labels.ts";

export default defineLabelFormatRule({
  id: "label-semver",
  group: "correctness",
  summary: "A label for a version isn't a semantic version",
  why: "Tools that order versions or look for newer ones need three numbers, `major.minor.patch`, and what the specification allows after them.",
  aliases: ["DL3056"],
  sources: ["https://semver.org/#semantic-versioning-specification-semver"],
  format: "semver",
  examples: [
    {
      bad: `FROM scratch
LABEL version=v1.2.3
              ^^^^^^ version is not a valid semantic version; write 1.2.3
`,
      good: `FROM scratch
LABEL version=1.2.3
`,
      config: "label-schema: { version: semver }\n",
    },
    {
      bad: `FROM scratch
LABEL version="second edition"
              ^^^^^^^^^^^^^^^^ version is not a valid semantic version; write major.minor.patch, such as 1.4.0
`,
      good: `FROM scratch
LABEL version="2.0.0-rc.1+build.5"
`,
      config: "label-schema: { version: semver }\n",
    },
  ],
  isValid,
  message: (key, value) =>
    `${key} is not a valid semantic version; write ${correctedVersion(value)?.value ?? "major.minor.patch, such as 1.4.0"}`,
  fixSafety: "unsafe",
  corrected: correctedVersion,
});

/** @see https://semver.org/#backusnaur-form-grammar-for-valid-semver-versions */
function isValid(value: string): boolean {
  const [, core, , release] =
    /^((?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*))(-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?$/.exec(
      value,
    ) ?? [];
  return (
    core !== undefined &&
    (release === undefined || release.split(".").every((part) => part !== "" && !/^0\d+$/.test(part)))
  );
}

/** The valid version for `v1.2.3` or `1.2`. */
function correctedVersion(value: string): { readonly value: string; readonly safety: "unsafe" } | undefined {
  const text = value
    .replace(/^v(?=\d)/i, "")
    .replace(/^(\d+)(\.\d+)?(?=$|[-+])/, (_, major: string, minor = ".0") => `${major}${minor}.0`);
  return isValid(text) ? { value: text, safety: "unsafe" } : undefined;
}
