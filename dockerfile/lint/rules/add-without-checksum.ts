import { defineRule } from "../rule.ts";
import type { Build } from "../../semantics/build.ts";
import type { Instruction, Word } from "../../syntax/syntax.ts";

export default defineRule({
  id: "add-without-checksum",
  group: "security",
  summary: "`ADD` downloads a file without a `--checksum`",
  why: "What a URL returns can change, by mistake or on purpose, and would end up in the image unnoticed. With `--checksum=sha256:…` the build fails instead, and needs no request while the file is in its cache.",
  severity: "info",
  aliases: [],
  sources: ["https://docs.docker.com/reference/dockerfile/#add---checksum"],
  examples: [
    {
      bad: `FROM alpine:3.22
ARG VERSION=1.2
ADD https://example.org/tool-$VERSION.tar.gz /opt/
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Whatever example.org serves ends up in the image; state what you expect with --checksum=sha256:…
ADD https://github.com/acme/tool.git#v1 /src
`,
      good: `FROM alpine:3.22
ARG VERSION=1.2
ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.org/tool-$VERSION.tar.gz /opt/
ADD https://github.com/acme/tool.git#v1 /src
`,
    },
  ],
  *check({ build }) {
    for (const outer of build.file.instructions) {
      const instruction = outer.trigger ?? outer;
      if (instruction.keyword.value !== "ADD" || instruction.flags.some(({ name }) => name === "checksum")) continue;
      for (const source of instruction.arguments.slice(0, -1)) {
        const host = hostOf(build, instruction, source);
        if (host !== undefined) yield { span: source.span, data: host };
      }
    }
  },
  message: (host) => `Whatever ${host} serves ends up in the image; state what you expect with --checksum=sha256:…`,
});

/** The host of an HTTP source that isn't a Git repository. @see moby/buildkit util/gitutil ParseGitRef */
function hostOf(build: Build, instruction: Instruction, { value, logical }: Word): string | undefined {
  const address = build.expand(instruction, logical) ?? value;
  const [, host = "the server", path = ""] = /^["']?https?:\/\/([^/?#"']*)([^?#]*)/i.exec(address) ?? [];
  if (!/^["']?https?:/i.test(address) || /\.git["']?$/.test(path)) return undefined;
  return /[$@]/.test(host) ? "the server" : host;
}
