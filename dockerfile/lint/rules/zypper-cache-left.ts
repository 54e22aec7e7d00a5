import { subcommandOf } from "../../semantics/runCommands.ts";
import { defineCacheLeftRule } from "../families/cacheLeft.ts";

export default defineCacheLeftRule({
  id: "zypper-cache-left",
  group: "size",
  aliases: ["DL3036"],
  sources: ["https://en.opensuse.org/SDB:Zypper_manual"],
  program: {
    names: ["zypper"],
    subcommands: ["install", "in", "update", "up", "patch", "dist-upgrade", "dup", "refresh", "ref"],
    folders: ["/var/cache/zypp"],
    cleans: (command) => ["clean", "cc"].includes(subcommandOf(command) ?? ""),
    cleanup: "clean --all",
  },
  examples: [
    {
      bad: `FROM opensuse/leap:15
RUN zypper --non-interactive install httpd
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Whatever zypper downloaded stays in this layer; end this RUN with zypper clean --all
`,
      good: `FROM opensuse/leap:15
RUN zypper --non-interactive install httpd && zypper clean --all
`,
    },
  ],
});
