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
    subcommands: ["install", "i", "in", "add"],
    isPinned: (word) => (isRepository(word) ? /#./ : /.@|\.(?:tgz|tar|tar\.gz)$/).test(word),
    isPlace: (word) => !isRepository(word) && /^(?:[./~]|[a-z][a-z0-9+.-]*:)/i.test(word),
    sample: (name) => (isRepository(name) ? `${name}#<commit>` : `${name}@<version>`),
  },
  examples: [
    {
      bad: `FROM node:22
RUN npm install @acme/tool git+https://example.org/acme/lib.git
                ^^^^^^^^^^ @acme/tool has no version; write @acme/tool@<version>
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ git+https://example.org/acme/lib.git has no version; write git+https://example.org/acme/lib.git#<commit>
`,
      good: `FROM node:22
RUN npm install @acme/tool@2.1.0 git+https://example.org/acme/lib.git#v1.4.0
`,
    },
    {
      bad: `FROM node:22
RUN npm install --global pnpm
                         ^^^^ pnpm has no version; write pnpm@<version>
`,
      good: `FROM node:22
RUN npm install --global pnpm@10.12.1
`,
    },
  ],
});

/**
 * True for a Git repository: by its address, by a host's short name, or as `owner/name` for one on GitHub.
 * @see https://docs.npmjs.com/cli/v11/configuring-npm/package-json#git-urls-as-dependencies
 */
function isRepository(word: string): boolean {
  return (
    /^(?:git(?:\+\w+)?|github|gitlab|bitbucket|gist):|^git@|^https?:[^#]*\.git(?:#|$)/.test(word) ||
    /^[\w-][\w.-]*\/[\w.-]+(?:#.*)?$/.test(word)
  );
}
