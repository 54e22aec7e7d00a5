import { hasOption } from "../../semantics/runCommands.ts";
import { defineUnpinnedRule } from "../families/unpinnedPackages.ts";

export default defineUnpinnedRule({
  id: "gem-version",
  group: "reproducibility",
  title: "gem install",
  severity: "info",
  aliases: ["DL3028"],
  sources: ["https://guides.rubygems.org/command-reference/#gem-install"],
  program: {
    name: /(?:^|\/)gem$/,
    subcommands: ["install", "i"],
    isPinned: (word) => /:|\.gem$/.test(word),
    isExempt: (command) => hasOption(command, "-v", "--version", "-g", "--file"),
    sample: (name) => `${name}:<version>`,
  },
  examples: [
    {
      bad: `FROM ruby:3.4
RUN gem install bundler
                ^^^^^^^ bundler has no version; write bundler:<version>
`,
      good: `FROM ruby:3.4
RUN gem install bundler:2.6.9
`,
    },
  ],
});
