import type { EngineState, SourceNode, SourcesState } from "./images/node.ts";
import type { ImageSource } from "./sources/source.ts";
import { engineId, type Sources } from "./sources/sources.ts";
import type { ShownEngine } from "./ui/engineStatus.ts";

/** What the tree draws its root from. */
export async function treeState(sources: Sources, isTrusted: boolean): Promise<SourcesState> {
  await sources.looked();
  return { engine: engineState(sources), archives: sources.archives.map(sourceNode), isTrusted };
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
  if (engine.kind === "absent") return { kind: "absent", error: engine.error };
  return { kind: "absent", error: { kind: "engineUnreachable", endpoint: "", tried: [], message: "still looking for a container engine" } };
}

function sourceNode({ id, kind, label, place }: ImageSource): SourceNode {
  return { kind: "source", id, sourceId: id, sourceKind: kind, label, place };
}
