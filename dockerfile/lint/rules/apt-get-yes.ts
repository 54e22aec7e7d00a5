import { hasOption } from "../../semantics/runCommands.ts";
import { defineAssumeYesRule } from "../families/assumeYes.ts";

export default defineAssumeYesRule({
  id: "apt-get-yes",
  group: "correctness",
  aliases: ["DL3014"],
  sources: ["https://manpages.debian.org/bookworm/apt/apt-get.8.en.html"],
  program: {
    names: ["apt-get", "apt", "aptitude"],
    subcommands: [
      "install",
      "upgrade",
      "dist-upgrade",
      "full-upgrade",
      "safe-upgrade",
      "remove",
      "purge",
      "autoremove",
      "build-dep",
      "reinstall",
    ],
    answers: [
      "-y",
      "--yes",
      "--assume-yes",
      "--assume-no",
      "-s",
      "--simulate",
      "--just-print",
      "--dry-run",
      "--no-act",
      "-d",
      "--download-only",
      "--print-uris",
    ],
    answer: "-y",
    // Two -q, or -qq, also imply yes.
    isQuiet: (command) =>
      command.arguments.filter(({ value }) => value === "-q" || value === "--quiet").length > 1 ||
      command.arguments.some(({ value }) => /^-[a-pr-z]*q[a-z]*q|^-(?:q|-quiet)=[2-9]$|Assume-Yes/i.test(value)) ||
      hasOption(command, "--force-yes"),
  },
  examples: [
    {
      bad: `FROM debian:12
RUN apt-get update && apt-get install curl && rm -rf /var/lib/apt/lists/*
                      ^^^^^^^^^^^^^^^ apt-get prompts for confirmation and no one can answer during a build; add -y
`,
      good: `FROM debian:12
RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*
`,
    },
  ],
});
