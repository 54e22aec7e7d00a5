import { defineRule } from "../rule.ts";
import { isRoot, runtimeUser, type RuntimeUser } from "../runtimeUser.ts";

export default defineRule({
  id: "root-user",
  summary: "The image runs as root",
  why: `A process that runs as root and breaks out of its container, or writes to a mounted folder, does so as root. Few programs need it.

Only the final stage counts: what runs as root while building is in no container later. The last \`USER\` decides; where there is none, the base image does, which is known if it is in the local engine. Where it is not known nothing is said.`,
  severity: "warning",
  aliases: ["DL3002"],
  sources: ["https://docs.docker.com/build/building/best-practices/#user"],
  examples: [
    {
      bad: `FROM debian:12
USER app
RUN true
USER root
     ^^^^ The image runs as root: end with a USER that is not
CMD ["app"]
`,
      good: `FROM debian:12 AS build
USER root
FROM debian:12
USER root
RUN true
USER app
CMD ["app"]
`,
    },
    {
      bad: `FROM debian:12
     ^^^^^^^^^ The image runs as root, since debian:12 does and no USER follows: add one
CMD ["app"]
`,
      good: `FROM debian:12
USER 1000
CMD ["app"]
`,
      facts: [[{ kind: "baseImage", reference: "debian:12" }, { bytes: 117_000_000, id: "sha256:00", user: "", env: [], workingDir: "" }]],
    },
  ],
  *check(input) {
    const last = input.file.stages.at(-1);
    const user = runtimeUser(input, last);
    const span = user.by === "instruction" ? user.instruction.restSpan : last?.base?.span;
    if (span && isRunByRoot(user)) yield { span, data: user };
  },
  message: (user) => (user.by === "baseImage" ? `The image runs as root, since ${user.reference} does and no USER follows: add one` : "The image runs as root: end with a USER that is not"),
});

/** An image from scratch has no users, and often only one file: what runs it says as whom. */
function isRunByRoot(user: RuntimeUser): boolean {
  switch (user.by) {
    case "instruction":
    case "baseImage":
      return isRoot(user.user);
    case "scratch":
    case "unknown":
      return false;
  }
}
