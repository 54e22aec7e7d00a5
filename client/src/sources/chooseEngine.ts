import { type QuickPickItem, QuickPickItemKind, window, workspace } from "vscode";
import { listContexts } from "../../../oci/engine/endpoint/contexts.ts";
import { contextIn } from "../../../oci/engine/endpoint/find.ts";
import { connectionOf, socketConnection } from "../../../oci/engine/endpoint/fromHost.ts";
import { knownSockets, probeSocket } from "../../../oci/engine/endpoint/sockets.ts";
import { machineEnvironment } from "../../../oci/source/machine.ts";
import { changeSetting } from "../ui/settings.ts";
import { safeLabel } from "../ui/untrustedText.ts";
import { engineId, furtherHost, namedEngines } from "./engineNames.ts";
import { sourceSettings } from "./sourceSettings.ts";
import { l10n } from "../ui/l10n.ts";

interface EngineItem extends QuickPickItem {
  /**
   * The value for the setting, empty for none, or a function that prompts for it; absent if the item can't be chosen.
   */
  readonly host?: string | (() => Promise<string | undefined>);
}

/**
 * Prompts for the engine to use: a Docker context, an engine listening here, an address, or the default of Docker's
 * tools.
 */
export async function chooseEngine(): Promise<void> {
  const current = sourceSettings().engineHost.trim();
  const host = await askForEngine(l10n.t("Which container engine?"), current, async () => {
    const offered = await offeredEngines();
    return [
      {
        label: `$(sync) ${l10n.t("Automatic")}`,
        description: l10n.t("DOCKER_HOST, then Docker's context, then known sockets"),
        host: "",
      },
      ...(current === "" || offered.some((item) => item.host === current)
        ? []
        : [{ label: `$(server-environment) ${current}`, host: current }]),
      ...offered,
    ];
  });
  if (host !== undefined && host !== current) await changeSetting("engineHost", host === "" ? undefined : host);
}

/** Prompts for an engine to show in addition to the one in use. */
export async function addEngine(): Promise<void> {
  const { engineHost, furtherEngines } = sourceSettings();
  const known = new Set([engineHost.trim(), ...furtherEngines.map((host) => host.trim())]);
  const host = await askForEngine(l10n.t("Add which engine?"), "", async () =>
    (await offeredEngines()).filter((item) => typeof item.host !== "string" || !known.has(item.host)),
  );
  if (host !== undefined && host !== "" && !known.has(host))
    await changeSetting("furtherEngines", [...furtherEngines, host]);
}

/** Removes an additional engine from the view: the given source, or prompts for one. */
export async function removeEngine(sourceId: string | undefined): Promise<void> {
  const { engineHost, furtherEngines } = sourceSettings();
  const host =
    (sourceId === undefined ? undefined : furtherHost(sourceId)) ?? (await chooseShown(engineHost, furtherEngines));
  if (host === undefined) return;
  const left = furtherEngines.filter((each) => each.trim() !== host);
  await changeSetting("furtherEngines", left.length === 0 ? undefined : left);
}

async function chooseShown(inUse: string, further: readonly string[]): Promise<string | undefined> {
  const items = namedEngines(inUse, further).flatMap(({ name, host }) =>
    name.id === engineId ? [] : [{ label: `$(server-environment) ${name.label}`, description: name.address, host }],
  );
  if (items.length === 0)
    return void window.showInformationMessage(
      l10n.t("Only the engine in use is shown. Use “Switch Container Engine…” to change it"),
    );
  return (await window.showQuickPick(items, { placeHolder: l10n.t("Hide which engine?") }))?.host;
}

async function askForEngine(
  placeHolder: string,
  current: string,
  items: () => Promise<readonly EngineItem[]>,
): Promise<string | undefined> {
  const listed = items().then((offered): EngineItem[] =>
    [...offered, { label: `$(edit) ${l10n.t("Enter an Address…")}`, host: () => enterAddress(current) }].map((item) =>
      marked(item, current),
    ),
  );
  const chosen = await window.showQuickPick(listed, { placeHolder, matchOnDescription: true });
  return typeof chosen?.host === "function" ? chosen.host() : chosen?.host;
}

function marked(item: EngineItem, current: string): EngineItem {
  return item.host === current
    ? {
        ...item,
        description: [l10n.t("in use"), ...(item.description === undefined ? [] : [item.description])].join(" · "),
      }
    : item;
}

async function offeredEngines(): Promise<readonly EngineItem[]> {
  // In Restricted Mode only files are read; nothing is contacted.
  const [contexts, listening] = await Promise.all([contextItems(), workspace.isTrusted ? listeningItems() : []]);
  return [...contexts, ...listening];
}

async function contextItems(): Promise<readonly EngineItem[]> {
  const contexts = await listContexts(machineEnvironment());
  const title: EngineItem = { label: l10n.t("Docker contexts"), kind: QuickPickItemKind.Separator };
  if (!contexts.ok)
    return [title, { label: `$(warning) ${l10n.t("Not listed")}`, description: safeLabel(contexts.error.message) }];
  if (contexts.value.length === 0) return [];
  return [
    title,
    ...contexts.value.map(({ name, isCurrent, endpoint }): EngineItem => {
      const shown = safeLabel(name);
      if (!endpoint.ok) return { label: `$(warning) ${shown}`, description: safeLabel(endpoint.reason) };
      return {
        label: `$(server-environment) ${shown}`,
        description: safeLabel(isCurrent ? l10n.t("{0} · docker's current context", endpoint.host) : endpoint.host),
        host: `context:${name}`,
      };
    }),
  ];
}

async function listeningItems(): Promise<readonly EngineItem[]> {
  const known = await knownSockets(machineEnvironment());
  const states = await Promise.all(known.map(({ path }) => probeSocket(path, new AbortController().signal)));
  const items = known.flatMap(({ path, owner }, index): readonly EngineItem[] => {
    const host = socketConnection(path).endpoint;
    return states[index] === "listening" ? [{ label: `$(server-environment) ${host}`, description: owner, host }] : [];
  });
  return items.length === 0
    ? []
    : [{ label: l10n.t("Listening on this machine"), kind: QuickPickItemKind.Separator }, ...items];
}

async function enterAddress(current: string): Promise<string | undefined> {
  const entered = await window.showInputBox({
    prompt: l10n.t("Address of the container engine, as in DOCKER_HOST"),
    placeHolder: l10n.t("unix:///run/user/1000/docker.sock, tcp://host:2376 or ssh://user@host"),
    value: current,
    validateInput: async (text) => {
      if (text.trim() === "" || contextIn(text) !== undefined) return undefined;
      const connection = await connectionOf(text);
      return connection.ok ? undefined : connection.error.message;
    },
  });
  return entered?.trim();
}
