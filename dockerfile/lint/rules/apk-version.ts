import { defineUnpinnedRule } from "../families/unpinnedPackages.ts";

export default defineUnpinnedRule({
  id: "apk-version",
  group: "reproducibility",
  title: "apk add",
  severity: "off",
  aliases: ["DL3018"],
  sources: ["https://wiki.alpinelinux.org/wiki/Alpine_Package_Keeper"],
  program: {
    name: /(?:^|\/)apk$/,
    subcommands: ["add"],
    // `curl@edge` names the repository, not a version.
    isPinned: (word) => /[=~<>]|\.apk$|^\./.test(word),
    sample: (name) => `${name.replace(/@.*/, "")}=<version>`,
  },
  examples: [
    {
      bad: `FROM alpine:3.22
RUN apk add --no-cache curl
                       ^^^^ curl has no version; write curl=<version>
`,
      good: `FROM alpine:3.22
RUN apk add --no-cache curl=~8
`,
    },
  ],
});
