import type { EngineState, SourceNode, SourcesState } from "./images/node.ts";
import type { SourceName } from "./sources/source.ts";
import { engineId, type Sources } from "./sources/sources.ts";
import type { ShownEngine } from "./ui/engineStatus.ts";

/** What the tree draws its root from. */
export async function treeState(sources: Sources, isTrusted: boolean): Promise<SourcesState> {
  await sources.looked();
  return { engines: [engineState(sources)], archives: sources.archives.map(sourceNode), isTrusted };
}

/** What the status item says. */
export function shownEngine({ engine }: Sources, isTrusted: boolean): ShownEngine {
  if (!isTrusted) return { kind: "untrusted" };
  return engine.kind === "ready" ? { kind: "ready", label: engine.label } : engine;
}

function engineState(sources: Sources): EngineState {
  const { engine } = sources;
  const source = sources.get(engineId);
  if (engine.kind === "ready" && source) return { kind: "ready", source: sourceNode(source) };
  const named = sourceNode({ id: engineId, kind: "engine", label: "Container engine", place: "" });
  return engine.kind === "absent" ? { kind: "absent", source: named, error: engine.error } : { kind: "looking", source: named };
}

function sourceNode({ id, kind, label, place }: SourceName): SourceNode {
  return { kind: "source", id, sourceId: id, sourceKind: kind, label, place };
}
