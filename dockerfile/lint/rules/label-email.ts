import { defineLabelFormatRule } from "../labels.ts";

export default defineLabelFormatRule({
  id: "label-email",
  group: "correctness",
  summary: "A label for an email address isn't a valid address",
  why: "People with a question about the image write to this address.",
  aliases: ["DL3058"],
  sources: ["https://datatracker.ietf.org/doc/html/rfc5321#section-4.1.2"],
  format: "email",
  examples: [
    {
      bad: `FROM scratch
LABEL maintainer="Ada Lovelace"
                 ^^^^^^^^^^^^^^ maintainer is not a valid email address; write one such as team@example.org
`,
      good: `FROM scratch
LABEL maintainer="Ada Lovelace <ada@example.org>"
LABEL maintainer=ada+images@example.org
LABEL maintainer=root@localhost
`,
      config: "label-schema: { maintainer: email }\n",
    },
  ],
  isValid: (value) => addressPattern.test(/<([^<>]*)>\s*$/.exec(value)?.[1] ?? value),
  message: (key) => `${key} is not a valid email address; write one such as team@example.org`,
});

const addressPattern =
  /^[\w.!#$%&'*+/=?^`{|}~-]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/i;
