import { defineUnpinnedRule } from "../families/unpinnedPackages.ts";

export default defineUnpinnedRule({
  id: "dnf-version",
  group: "reproducibility",
  title: "dnf install",
  severity: "off",
  aliases: ["DL3041"],
  sources: ["https://dnf.readthedocs.io/en/latest/command_ref.html"],
  program: {
    name: /(?:^|\/)(?:dnf5?|microdnf|tdnf)$/,
    subcommands: ["install", "reinstall", "module install"],
    isPinned: (word, action) => (action === "module install" ? /:/ : /-[0-9]|\.rpm$|^@|[<>=]/).test(word),
    sample: (name, action) => (action === "module install" ? `${name}:<stream>` : `${name}-<version>`),
  },
  examples: [
    {
      bad: `FROM fedora:42
RUN dnf install -y httpd
                   ^^^^^ httpd has no version; write httpd-<version>
`,
      good: `FROM fedora:42
RUN dnf install -y httpd-2.4.63
`,
    },
  ],
});
