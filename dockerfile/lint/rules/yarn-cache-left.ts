import { operandsOf } from "../../semantics/runCommands.ts";
import { defineCacheLeftRule } from "../families/cacheLeft.ts";

export default defineCacheLeftRule({
  id: "yarn-cache-left",
  group: "size",
  aliases: ["DL3060"],
  sources: ["https://classic.yarnpkg.com/lang/en/docs/cli/cache/"],
  program: {
    names: ["yarn", "yarnpkg"],
    subcommands: ["", "install", "add"],
    folders: ["/usr/local/share/.cache", "/root/.cache/yarn", "/root/.yarn"],
    homeFolders: [".cache/yarn", ".yarn"],
    variables: [
      { name: "YARN_CACHE_FOLDER" },
      { name: "npm_config_cache_folder" },
      { name: "XDG_CACHE_HOME", below: "yarn" },
    ],
    options: ["--cache-folder", "cache-folder"],
    printedBy: /^\$\(yarn cache dir\)$/,
    cleans: (command) => operandsOf(command)[0]?.value === "cache" && operandsOf(command)[1]?.value === "clean",
    cleanup: "cache clean",
  },
  examples: [
    {
      bad: `FROM node:22
RUN yarn install --frozen-lockfile
    ^^^^^^^^^^^^ Whatever yarn downloaded stays in this layer; end this RUN with yarn cache clean
`,
      good: `FROM node:22
RUN yarn install --frozen-lockfile && yarn cache clean
`,
    },
  ],
});
