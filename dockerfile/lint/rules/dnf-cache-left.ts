import { dnfDownloads } from "../../semantics/packages/calls.ts";
import { subcommandOf } from "../../semantics/runCommands.ts";
import { defineCacheLeftRule } from "../families/cacheLeft.ts";

export default defineCacheLeftRule({
  id: "dnf-cache-left",
  group: "size",
  aliases: ["DL3040"],
  sources: ["https://dnf.readthedocs.io/en/latest/command_ref.html#clean-command"],
  program: {
    names: ["dnf", "dnf5", "microdnf", "tdnf"],
    subcommands: dnfDownloads,
    folders: ["/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/yum", "/var/cache/tdnf"],
    cleans: (command) => subcommandOf(command) === "clean",
    cleanup: "clean all",
  },
  examples: [
    {
      bad: `FROM fedora:42
RUN dnf install -y httpd
    ^^^^^^^^^^^ Whatever dnf downloaded stays in this layer; end this RUN with dnf clean all
`,
      good: `FROM fedora:42
RUN dnf install -y httpd && dnf clean all
`,
    },
  ],
});
