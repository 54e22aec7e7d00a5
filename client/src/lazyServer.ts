import type { ExtensionContext, LogOutputChannel } from "vscode";
import { once } from "./async/once.ts";
import type { Server } from "./languageServer.ts";

/** The server, whose client is loaded when it is first started or used. */
export function createLazyServer(context: ExtensionContext, log: LogOutputChannel): Server {
  const load = once(async () => (await import("./languageClient.ts")).createLanguageClient(context, log));
  let isLoaded = false;
  const client = (): Promise<Server> => {
    isLoaded = true;
    return load();
  };
  return {
    start: async () => (await client()).start(),
    restart: async () => (await client()).restart(),
    pin: async (args, token) => (await client()).pin(args, token),
    pinImage: async (args) => (await client()).pinImage(args),
    pinWorkspace: async (args, token) => (await client()).pinWorkspace(args, token),
    origins: async (args) => (await client()).origins(args),
    projectDockerfiles: async (args) => (await client()).projectDockerfiles(args),
    tellTrust: async () => (await client()).tellTrust(),
    stop: async () => {
      if (isLoaded) await (await client()).stop();
    },
  };
}
