import type { LintRule, RuleMeta } from "../rule.ts";
import { reportsOf } from "../shellcheck/reports.ts";
import { checkedScripts } from "../shellcheck/scripts.ts";

const meta: RuleMeta = {
  id: "shellcheck",
  group: "correctness",
  summary: "Findings of [ShellCheck](https://www.shellcheck.net) in RUN, if the program is installed",
  why: "A RUN is a shell script, and ShellCheck finds the usual mistakes: words that are split, files that don't exist, syntax that `/bin/sh` lacks. If the `shellcheck` program is installed, its findings appear at their place in the Dockerfile, each under its own code and with its own severity. Codes are set, ignored and overridden one by one (`SC2086`); this rule's severity is that of all of them.\n\nThe shell is that of `SHELL` or of a heredoc's `#!`. Variables of `ARG` and `ENV` count as set. `# shellcheck disable=SC2086` above the instruction or in the script works, as does `# hadolint ignore=SC2086`.",
  severity: "warning",
  aliases: [],
  sources: ["https://www.shellcheck.net/wiki/", "https://github.com/koalaman/shellcheck/blob/master/shellcheck.1.md"],
  examples: [
    {
      bad: `FROM debian:12
ARG CONFIGS
RUN for f in $CONFIGS; do \\
      install -m 644 $f /etc/app/; \\
                     ^^ Quote it to prevent word splitting
    done
`,
      good: `FROM debian:12
ARG CONFIGS
RUN for f in $CONFIGS; do \\
      install -m 644 "$f" /etc/app/; \\
    done
`,
      facts: [
        [
          {
            kind: "shellCheck",
            script: "#!/bin/sh\nexport CONFIGS=1\nfor f in $CONFIGS; do       install -m 644 $f /etc/app/;     done",
          },
          {
            findings: [
              {
                code: 2086,
                level: "info",
                message: "Quote it to prevent word splitting",
                start: 70,
                end: 72,
                replacements: [
                  { start: 70, end: 70, text: '"', attachesTo: "next" },
                  { start: 72, end: 72, text: '"', attachesTo: "previous" },
                ],
              },
            ],
          },
        ],
      ],
    },
  ],
  fixSafety: "unsafe",
};

// Far more than any real file has. Each is a separate fact and costs ShellCheck some milliseconds.
const maxScripts = 200;

const shellcheck: LintRule = {
  meta,
  *reports(input) {
    const texts = new Set<string>();
    for (const script of checkedScripts(input)) {
      texts.add(script.text);
      if (texts.size > maxScripts) return;
      const checked = input.facts.get({ kind: "shellCheck", script: script.text });
      if (checked.state === "known") yield* reportsOf(input.build.file, script, checked.value.findings, meta);
    }
  },
};

export default shellcheck;
