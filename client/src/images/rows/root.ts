import { asLowerBound } from "../labels/sizes.ts";
import { engineNotices } from "./engineNotices.ts";
import { imageRows } from "./images.ts";
import type { EngineState, ImageTreeNode, SourceNode } from "../node.ts";
import type { RowContext } from "./context.ts";
import { infoNotice, progressNotice } from "./notices.ts";
import { unnamedEngine } from "../../sources/engineNames.ts";
import { l10n } from "../../ui/l10n.ts";

/**
 * With one source, its images are at the root; with several, each source is a row. Empty if a welcome text is shown
 * instead.
 */
export async function rootRows(context: RowContext, signal: AbortSignal): Promise<readonly ImageTreeNode[]> {
  const { engines, archives, registry, isTrusted } = await context.readers.state();
  const others = withTotals([...archives, ...(registry ? [registry] : [])], context);
  if (!isTrusted) return others;
  const [only, ...further] = engines;
  if (only && further.length === 0 && others.length === 0) return onlyEngine(only, context, signal);
  const ready = engines.filter(({ kind }) => kind === "ready").map(({ source }) => source);
  return [
    ...withTotals(ready, context),
    ...others,
    ...engines.flatMap((engine): readonly ImageTreeNode[] =>
      engine.kind === "looking"
        ? [lookingNotice(engine.source)]
        : engine.kind === "absent"
          ? engineNotices(engine, "aside")
          : [],
    ),
  ];
}

async function onlyEngine(
  engine: EngineState,
  context: RowContext,
  signal: AbortSignal,
): Promise<readonly ImageTreeNode[]> {
  if (engine.kind === "absent") return engineNotices(engine, "alone");
  if (engine.kind === "looking") return [lookingNotice(engine.source)];
  if (context.options.groupBy === "source") return withTotals([engine.source], context);
  return imageRows(engine.source.sourceId, context, signal);
}

/** The rows of a source; unlike the root, it doesn't have a welcome text. */
export async function sourceRows(
  { sourceId }: SourceNode,
  context: RowContext,
  signal: AbortSignal,
): Promise<readonly ImageTreeNode[]> {
  const rows = await imageRows(sourceId, context, signal);
  return rows.length > 0 ? rows : [infoNotice(`${sourceId}/nothing`, l10n.t("No images here"))];
}

function withTotals(sources: readonly SourceNode[], { catalogs }: RowContext): readonly SourceNode[] {
  return sources.map((source) => {
    const view = source.sourceKind === "registry" ? undefined : catalogs.latestOrUndefined(source.sourceId);
    return view && view.summaries.size > 0
      ? { ...source, total: asLowerBound(view.space.total, view.catalog) }
      : source;
  });
}

function lookingNotice({ sourceId, label, address }: SourceNode): ImageTreeNode {
  return {
    ...progressNotice(
      sourceId,
      l10n.t("Connecting to {0}…", label === unnamedEngine ? l10n.t("a container engine") : label),
    ),
    ...(address === "" ? {} : { description: address }),
  };
}
