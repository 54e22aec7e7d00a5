import { defineRule } from "../rule.ts";
import { isRoot } from "../../semantics/runtimeUser.ts";
import { addUser } from "../fixes/addUser.ts";

export default defineRule({
  id: "root-user",
  group: "security",
  summary: "The image is set to run as root",
  why: `A process that runs as root and breaks out of its container, or writes to a mounted folder, does so as root. Few programs need it.

Only the final stage counts: what runs as root during the build is not in a container later. For an image without any \`USER\`, see [no-user](no-user.md).`,
  severity: "warning",
  aliases: ["DL3002"],
  sources: ["https://docs.docker.com/build/building/best-practices/#user"],
  examples: [
    {
      bad: `FROM debian:12
USER app
RUN true
USER root
     ^^^^ The image runs as root; end with a non-root USER
CMD ["app"]
`,
      good: `FROM debian:12
USER app
RUN true
USER root
USER app
CMD ["app"]
`,
    },
    {
      bad: `FROM debian:12 AS build
USER root
FROM debian:12
USER root
     ^^^^ The image runs as root; end with a non-root USER
RUN make install
EXPOSE 80
CMD ["app"]
`,
      good: `FROM debian:12 AS build
USER root
FROM debian:12
USER root
RUN make install
EXPOSE 80
RUN useradd --create-home --shell /usr/sbin/nologin app
USER app
CMD ["app"]
`,
    },
    {
      bad: `FROM alpine:3.22
USER 0
     ^ The image runs as root; end with a non-root USER
`,
      good: `FROM alpine:3.22
USER 0
RUN adduser -D app
USER app
`,
    },
  ],
  *check(input) {
    const user = input.build.user(input.build.file.stages.at(-1));
    if (user.by === "instruction" && isRoot(user.user)) yield { span: user.instruction.restSpan, data: undefined };
  },
  message: () => "The image runs as root; end with a non-root USER",
  fixSafety: "unsafe",
  fix: (_, { build }) => addUser(build),
});
