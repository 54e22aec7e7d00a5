import { defineLabelFormatRule } from "../labels.ts";

export default defineLabelFormatRule({
  id: "label-url",
  group: "correctness",
  summary: "A label for an address isn't a URL",
  why: "Tools follow this label: GitHub's registry, for example, links an image to a repository by `org.opencontainers.image.source`. Without `https://` it leads nowhere.",
  aliases: ["DL3052"],
  sources: [
    "https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md",
    "https://datatracker.ietf.org/doc/html/rfc3986",
  ],
  format: "url",
  examples: [
    {
      bad: `FROM scratch
LABEL org.opencontainers.image.source=github.com/acme/app
                                      ^^^^^^^^^^^^^^^^^^^ github.com/acme/app is not a valid URL; start it with https://
`,
      good: `FROM scratch
LABEL org.opencontainers.image.source=https://github.com/acme/app
`,
    },
    {
      bad: `FROM scratch
LABEL home="see the wiki"
           ^^^^^^^^^^^^^^ home is not a valid URL; write one such as https://example.org/app
`,
      good: `FROM scratch
ARG PAGE
LABEL home="https://example.org/$PAGE"
`,
      config: "label-schema:\n  home: url\n",
    },
  ],
  isValid: isUrl,
  message: (key, value) =>
    correctedUrl(value) === undefined
      ? `${key} is not a valid URL; write one such as https://example.org/app`
      : `${value} is not a valid URL; start it with https://`,
  fixSafety: "unsafe",
  corrected(value) {
    const url = correctedUrl(value);
    return url === undefined ? undefined : { value: url, safety: "unsafe" };
  },
});

function isUrl(value: string): boolean {
  return /^[a-z][a-z0-9+.-]*:[^\s]+$/i.test(value) && URL.canParse(value) && !/^[\w.-]+:\d+(?:\/|$)/.test(value);
}

/** The valid URL for `host.tld/path`. */
function correctedUrl(value: string): string | undefined {
  const url = `https://${value}`;
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?::\d+)?(?:\/\S*)?$/i.test(value) && isUrl(url) ? url : undefined;
}
