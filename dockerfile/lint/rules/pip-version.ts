import { hasOption } from "../../semantics/runCommands.ts";
import { defineUnpinnedRule } from "../families/unpinnedPackages.ts";

export default defineUnpinnedRule({
  id: "pip-version",
  group: "reproducibility",
  title: "pip install",
  severity: "info",
  aliases: ["DL3013"],
  sources: ["https://pip.pypa.io/en/stable/cli/pip_install/#requirement-specifiers"],
  program: {
    name: /(?:^|\/)pip[\d.]*$/,
    subcommands: ["install"],
    isPinned: (word) => /[=<>~!@]|\.(?:whl|zip|tar\.\w+)$/.test(word),
    isExempt: (command) => hasOption(command, "-r", "--requirement", "-c", "--constraint", "-e", "--editable"),
    sample: (name) => `${name}==<version>`,
  },
  examples: [
    {
      bad: `FROM python:3.13
RUN pip install --no-cache-dir flask
                               ^^^^^ flask has no version: write flask==<version>
`,
      good: `FROM python:3.13
RUN pip install --no-cache-dir flask==3.1.0
`,
    },
  ],
});
