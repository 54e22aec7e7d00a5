import { defineRule } from "../rule.ts";

export default defineRule({
  id: "expose-format",
  group: "correctness",
  summary: "`EXPOSE` has a host address or port",
  why: "`EXPOSE` says which ports the container listens on. An address or a host port in front of it is ignored; those belong to `docker run --publish`.",
  severity: "warning",
  aliases: ["ExposeInvalidFormat"],
  sources: ["https://docs.docker.com/reference/build-checks/expose-invalid-format/"],
  examples: [
    {
      bad: `FROM scratch
EXPOSE 127.0.0.1:80:8080 5432:5432 [::1]:90:9090/udp 443
       ^^^^^^^^^^^^^^^^^ EXPOSE takes container ports only; write 8080
                         ^^^^^^^^^ EXPOSE takes container ports only; write 5432
                                   ^^^^^^^^^^^^^^^^^ EXPOSE takes container ports only; write 9090/udp
`,
      good: `FROM scratch
EXPOSE 8080 5432 9090/udp 443
`,
    },
  ],
  *check({ build: { file } }) {
    for (const { keyword, arguments: ports } of file.instructions) {
      if (keyword.value !== "EXPOSE") continue;
      for (const { value, span } of ports) {
        const port = value.includes("$") ? undefined : /:([^:\]]+)$/.exec(value)?.[1];
        if (port) yield { span, data: port };
      }
    }
  },
  message: (port) => `EXPOSE takes container ports only; write ${port}`,
  fixSafety: "safe",
  fix: ({ span, data: port }) => ({ title: `Write ${port}`, changes: [{ span, text: port }] }),
});
