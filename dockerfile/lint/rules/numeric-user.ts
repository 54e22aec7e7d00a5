import { isRoot } from "../../semantics/runtimeUser.ts";
import { defineRule } from "../rule.ts";

export default defineRule({
  id: "numeric-user",
  group: "security",
  summary: "`USER` is a name instead of a number",
  why: "Kubernetes can enforce `runAsNonRoot` only for a number: from a name alone it can't verify that the user isn't root, and refuses to start the container. Off by default, since only the image knows the number of a name.",
  severity: "off",
  aliases: ["DL3066"],
  sources: ["https://kubernetes.io/docs/tasks/configure-pod-container/security-context/"],
  examples: [
    {
      bad: `FROM debian:12
USER app
     ^^^ app is a name; use its number, so Kubernetes can verify that it isn't root
`,
      good: `FROM debian:12
USER 1000:1000
`,
    },
  ],
  *check(input) {
    const user = input.build.user(input.build.file.stages.at(-1));
    if (user.by === "instruction" && !/^\d/.test(user.user) && !isRoot(user.user))
      yield { span: user.instruction.restSpan, data: user.user };
  },
  message: (user) => `${user} is a name; use its number, so Kubernetes can verify that it isn't root`,
});
