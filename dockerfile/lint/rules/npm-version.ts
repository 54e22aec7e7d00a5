import { defineUnpinnedRule } from "../families/unpinnedPackages.ts";

export default defineUnpinnedRule({
  id: "npm-version",
  group: "reproducibility",
  title: "npm install",
  severity: "info",
  aliases: ["DL3016"],
  sources: ["https://docs.npmjs.com/cli/v11/commands/npm-install"],
  program: {
    name: /(?:^|\/)npm$/,
    subcommands: ["install", "i", "add"],
    isPinned: (word) => /.@|\.(?:tgz|tar|tar\.gz)$|#/.test(word),
    sample: (name) => `${name}@<version>`,
  },
  examples: [
    {
      bad: `FROM node:22
RUN npm install --global pnpm
                         ^^^^ pnpm has no version: write pnpm@<version>
`,
      good: `FROM node:22
RUN npm install --global pnpm@10.12.1
`,
    },
  ],
});
