import { contextIn } from "../../../oci/engine/endpoint/find.ts";
import type { SourceName } from "./source.ts";
import { l10n } from "../ui/l10n.ts";

/** The ID of the engine in use. */
export const engineId = "engine";
const furtherPrefix = "engine:";

/** An engine in the settings. */
export interface NamedEngine {
  readonly name: SourceName;
  /** A host in DOCKER_HOST's form or `context:NAME`; empty for automatic detection. */
  readonly host: string;
}

/** The label of the engine in use. Others are named by what the settings say of them. */
export const unnamedEngine = l10n.t("Container engine");

/** The engine in use, then the others in `imagewright.engines`, each once and in order. */
export function namedEngines(inUse: string, further: readonly string[]): readonly NamedEngine[] {
  const others = [...new Set(further.map((host) => host.trim()))].filter(
    (host) => host !== "" && host !== inUse.trim(),
  );
  return [
    {
      name: { id: engineId, kind: "engine", label: unnamedEngine, address: withoutPassword(inUse.trim()) },
      host: inUse,
    },
    ...others.map((host): NamedEngine => ({
      name: { id: `${furtherPrefix}${host}`, kind: "engine", label: labelOf(host), address: withoutPassword(host) },
      host,
    })),
  ];
}

/** The setting's text for an engine other than the one in use; undefined for that and for sources of other kinds. */
export function furtherHost(sourceId: string): string | undefined {
  return sourceId.startsWith(furtherPrefix) ? sourceId.slice(furtherPrefix.length) : undefined;
}

/** The name of an engine of which only the source ID is known; undefined for sources of other kinds. */
export function engineCalled(sourceId: string): string | undefined {
  if (sourceId === engineId) return l10n.t("the container engine");
  const host = furtherHost(sourceId);
  return host === undefined ? undefined : l10n.t("the engine {0}", withoutPassword(host));
}

/** A short label that distinguishes engines: the context, the machine, or the end of the socket's path. */
function labelOf(host: string): string {
  const context = contextIn(host);
  if (context !== undefined) return l10n.t("Context {0}", context);
  const shown = withoutPassword(host);
  const [, scheme, rest = ""] = /^(\w+):\/\/(.*)$/.exec(shown) ?? [undefined, "tcp", shown];
  const isPath = scheme === "unix" || scheme === "npipe" || rest.startsWith("/");
  return (
    (isPath
      ? rest
          .split("/")
          .filter((part) => part !== "")
          .slice(-2)
          .join("/")
      : rest.replace(/^[^/]*@/, "").replace(/\/.*$/, "")) || shown
  );
}

/** The host without a password. Engines don't use one, so one written by mistake must not be shown. */
function withoutPassword(host: string): string {
  return contextIn(host) === undefined ? host.replace(/^((?:\w+:\/\/)?[^/@:]*):(?!\/\/).*@/s, "$1:…@") : host;
}
