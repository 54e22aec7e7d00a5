import { dnfDownloads } from "../../semantics/packages/calls.ts";
import { subcommandOf } from "../../semantics/runCommands.ts";
import { defineCacheLeftRule } from "../families/cacheLeft.ts";

export default defineCacheLeftRule({
  id: "yum-cache-left",
  group: "size",
  aliases: ["DL3032"],
  sources: ["https://man7.org/linux/man-pages/man8/yum.8.html"],
  program: {
    names: ["yum"],
    subcommands: dnfDownloads,
    folders: ["/var/cache/yum", "/var/cache/dnf"],
    cleans: (command) => subcommandOf(command) === "clean",
    cleanup: "clean all",
  },
  examples: [
    {
      bad: `FROM centos:7
RUN yum install -y httpd && rm -rf /tmp/x
    ^^^^^^^^^^^ Whatever yum downloaded stays in this layer; end this RUN with yum clean all
`,
      good: `FROM centos:7
RUN yum install -y httpd && rm -rf /tmp/x && yum clean all
`,
    },
  ],
});
