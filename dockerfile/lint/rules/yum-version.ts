import { defineUnpinnedRule } from "../families/unpinnedPackages.ts";

export default defineUnpinnedRule({
  id: "yum-version",
  group: "reproducibility",
  title: "yum install",
  severity: "off",
  aliases: ["DL3033"],
  sources: ["https://man7.org/linux/man-pages/man8/yum.8.html"],
  program: {
    name: /(?:^|\/)yum$/,
    subcommands: ["install", "reinstall", "module install"],
    isPinned: (word, action) => (action === "module install" ? /:/ : /-[0-9]|\.rpm$|^@|[<>=]/).test(word),
    sample: (name, action) => (action === "module install" ? `${name}:<stream>` : `${name}-<version>`),
  },
  examples: [
    {
      bad: `FROM centos:7
RUN yum install -y httpd
                   ^^^^^ httpd has no version; write httpd-<version>
`,
      good: `FROM centos:7
RUN yum install -y httpd-2.4.6
`,
    },
  ],
});
