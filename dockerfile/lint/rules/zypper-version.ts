import { defineUnpinnedRule } from "../families/unpinnedPackages.ts";

export default defineUnpinnedRule({
  id: "zypper-version",
  group: "reproducibility",
  title: "zypper install",
  severity: "off",
  aliases: ["DL3037"],
  sources: ["https://en.opensuse.org/SDB:Zypper_manual"],
  program: {
    name: /(?:^|\/)zypper$/,
    subcommands: ["install", "in"],
    isPinned: (word) => /[<>=]|\.rpm$/.test(word),
    sample: (name) => `${name}=<version>`,
  },
  examples: [
    {
      bad: `FROM opensuse/leap:15
RUN zypper install -y httpd
                      ^^^^^ httpd has no version; write httpd=<version>
`,
      good: `FROM opensuse/leap:15
RUN zypper install -y httpd=2.4
`,
    },
  ],
});
