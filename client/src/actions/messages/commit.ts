import type { ContainerSummary } from "../../../../oci/core/container.ts";
import { shortDigest } from "../../../../oci/core/digest.ts";
import type { Choice } from "../dialogs/dialogs.ts";
import { l10n } from "../../ui/l10n.ts";

export interface ContainerChoice extends Choice {
  readonly container: ContainerSummary;
}

/** Running containers first; the rest in the engine's order, newest first. */
export function containerChoices(containers: readonly ContainerSummary[]): readonly ContainerChoice[] {
  const isRunning = ({ state }: ContainerSummary): boolean => state === "running";
  return [...containers.filter(isRunning), ...containers.filter((container) => !isRunning(container))].map(
    (container) => ({
      label: containerName(container),
      icon: isRunning(container) ? "vm-running" : "vm-outline",
      description: `${container.image} · ${container.state} · ${shortDigest(container.id)}`,
      ...(isRunning(container) ? { detail: l10n.t("Paused while its files are copied") } : {}),
      container,
    }),
  );
}

export function containerName({ names, id }: ContainerSummary): string {
  return names.length > 0 ? names.join(", ") : shortDigest(id);
}
