import { present } from "../../../../oci/core/decode.ts";
import type { ImageTreeNode, PlatformNode } from "../node.ts";
import { type About, attestationNodes, manifestFacts } from "./attestation.ts";
import { platformSections } from "./imageSections.ts";
import type { RowContext } from "./context.ts";
import { infoNotice } from "./notices.ts";
import { l10n } from "../../ui/l10n.ts";

/** The facts, attestations and sections of a platform. */
export async function platformChildren(
  parent: PlatformNode,
  context: RowContext,
  signal: AbortSignal,
): Promise<readonly ImageTreeNode[]> {
  const { id, sourceId, sourceKind, summary, manifest, isDefaultPlatform, attestations } = parent;
  const about: About = present({
    sourceId,
    imageId: summary.id,
    platform: isDefaultPlatform ? undefined : manifest.platform,
  });
  const facts = [...manifestFacts(id, manifest), ...attestationNodes(id, attestations, about)];
  if (manifest.isAvailable === false)
    return [
      ...facts,
      infoNotice(`${id}/missing`, l10n.t("Its content isn't available here"), {
        icon: "cloud",
        detail:
          sourceKind === "engine"
            ? l10n.t(
                "The index names this platform, but its manifest and layers aren't available here; pull it for that platform to see them",
              )
            : l10n.t("The index names this platform, but its manifest and layers aren't available here"),
      }),
    ];
  if (manifest.platform === undefined)
    return [
      ...facts,
      infoNotice(`${id}/nameless`, l10n.t("It names no platform"), {
        detail: l10n.t("This manifest names no platform, so it can't be read as an image"),
      }),
    ];
  return [...facts, ...(await platformSections(parent, context, signal))];
}
