import { ConfigurationTarget, type QuickPickItem, window, workspace } from "vscode";
import { connectionOf, socketConnection } from "../../../oci/source/endpointHost.ts";
import { knownSockets, probeSocket } from "../../../oci/source/endpointSockets.ts";
import { processSurroundings } from "../../../oci/source/localEngine.ts";

interface EngineItem extends QuickPickItem {
  /** What to write into the setting, empty for none; or how to find that out. */
  readonly host: string | (() => Promise<string | undefined>);
}

const setting = "engine.host";

/** Asks which engine to use: of those that listen here, or by an address, or as Docker's own tools find it. */
export async function chooseEngine(): Promise<void> {
  const configuration = workspace.getConfiguration("imagewright");
  const current = configuration.get(setting, "").trim();
  const chosen = await window.showQuickPick(engineItems(current), { placeHolder: "Which container engine?", matchOnDescription: true });
  const host = typeof chosen?.host === "function" ? await chosen.host() : chosen?.host;
  if (host === undefined || host === current) return;
  // A value of the workspace stands above the user's: writing the latter would change nothing.
  const target = configuration.inspect(setting)?.workspaceValue === undefined ? ConfigurationTarget.Global : ConfigurationTarget.Workspace;
  await configuration.update(setting, host === "" ? undefined : host, target);
}

async function engineItems(current: string): Promise<readonly EngineItem[]> {
  const hosts = await listeningEngines();
  const items: readonly EngineItem[] = [
    { label: "$(sync) Automatic", description: "DOCKER_HOST, else Docker's context, else a known socket", host: "" },
    ...(current === "" || hosts.some(({ host }) => host === current) ? [] : [{ label: `$(server-environment) ${current}`, host: current }]),
    ...hosts,
    { label: "$(edit) Enter an Address…", host: () => enterAddress(current) },
  ];
  return items.map((item) => (item.host === current ? { ...item, description: ["in use", ...(item.description === undefined ? [] : [item.description])].join(" · ") } : item));
}

async function listeningEngines(): Promise<readonly EngineItem[]> {
  const known = await knownSockets(processSurroundings());
  const states = await Promise.all(known.map(({ path }) => probeSocket(path, new AbortController().signal)));
  return known.flatMap(({ path, owner }, index) => {
    const host = socketConnection(path).endpoint;
    return states[index] === "listening" ? [{ label: `$(server-environment) ${host}`, description: owner, host }] : [];
  });
}

async function enterAddress(current: string): Promise<string | undefined> {
  const entered = await window.showInputBox({
    prompt: "Address of the container engine, as in DOCKER_HOST",
    placeHolder: "unix:///run/user/1000/docker.sock or tcp://host:2376",
    value: current,
    validateInput: async (text) => {
      if (text.trim() === "") return undefined;
      const connection = await connectionOf(text.trim());
      return connection.ok ? undefined : connection.error.message;
    },
  });
  return entered?.trim();
}
