import type { EngineState, SourceNode, SourcesState } from "../images/node.ts";
import type { Engine } from "./engines.ts";
import type { SourceName } from "./source.ts";
import type { Sources } from "./sources.ts";
import type { EngineInUse } from "../ui/engineWords.ts";
import { settlesWithin } from "../async/settlesWithin.ts";
import { l10n } from "../ui/l10n.ts";

/**
 * The longest time that the tree stays empty while an engine is expected to respond, in milliseconds; a hanging one
 * must not hide the others.
 */
const momentMs = 1000;

/** The state from which the tree draws its root. */
export async function sourcesState(sources: Sources, isTrusted: boolean): Promise<SourcesState> {
  await settlesWithin(sources.firstLookup(), momentMs);
  return {
    engines: sources.engines.map(engineState),
    archives: sources.archives.map(sourceNode),
    ...(sources.registry && {
      registry: sourceNode({
        ...sources.registry,
        address: isTrusted ? "" : l10n.t("not contacted in Restricted Mode"),
      }),
    }),
    isTrusted,
  };
}

/** The state for the status item. */
export function engineInUse({ engine, engines }: Sources, isTrusted: boolean): EngineInUse {
  if (!isTrusted) return { kind: "untrusted" };
  const [, ...others] = engines;
  const otherCount = others.filter(({ status }) => status.kind === "ready").length;
  switch (engine.kind) {
    case "ready":
      return { kind: "ready", label: engine.label, otherCount };
    case "absent":
      return { kind: "absent", error: engine.error, otherCount };
    case "looking":
      return engine;
    default:
      return engine satisfies never;
  }
}

function engineState({ name, status, source, lostEndpoint }: Engine): EngineState {
  if (status.kind === "absent") return { kind: "absent", source: sourceNode(name), error: status.error, lostEndpoint };
  return source ? { kind: "ready", source: sourceNode(source) } : { kind: "looking", source: sourceNode(name) };
}

function sourceNode({ id, kind, label, address }: SourceName): SourceNode {
  return { kind: "source", id, sourceId: id, sourceKind: kind, label, address: address };
}
