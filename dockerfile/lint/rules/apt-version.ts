import { defineUnpinnedRule } from "../families/unpinnedPackages.ts";

export default defineUnpinnedRule({
  id: "apt-version",
  group: "reproducibility",
  title: "apt-get install",
  severity: "off",
  aliases: ["DL3008"],
  sources: ["https://manpages.debian.org/bookworm/apt/apt-get.8.en.html"],
  program: {
    name: /(?:^|\/)(?:apt-get|apt|aptitude)$/,
    subcommands: ["install"],
    isPinned: (word) => /=|\.deb$|[+-]$/.test(word),
    sample: (name) => `${name}=<version>`,
  },
  examples: [
    {
      bad: `FROM debian:12
RUN apt-get install -y curl
                       ^^^^ curl has no version; write curl=<version>
`,
      good: `FROM debian:12
RUN apt-get install -y curl=7.88.1-10
`,
    },
  ],
});
