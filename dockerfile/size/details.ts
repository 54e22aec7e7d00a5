import { formatBytes } from "../../oci/core/bytes.ts";
import type { Contributor, SizeDetails } from "./estimator.ts";

/** A tooltip is read at a glance. */
const maxContributors = 5;

/** Lines of a tooltip: the biggest contributors, useless files, and the possible savings. */
export function describeDetails({ contributors, leftBehind, savings }: SizeDetails): readonly string[] {
  return [
    ...listed("Most of it", contributors.slice(0, maxContributors)),
    ...listed("Left behind", leftBehind),
    ...savings.map(({ label, bytes }) => `To save ${formatBytes(bytes)}: ${label}`),
  ];
}

/** The details of several parts of one layer together; undefined if no part has any. */
export function joinDetails(parts: readonly (SizeDetails | undefined)[]): SizeDetails | undefined {
  const known = parts.flatMap((part) => part ?? []);
  if (known.length === 0) return undefined;
  const bySize = <Part extends Contributor>(all: readonly Part[]): readonly Part[] =>
    all.toSorted((a, b) => b.bytes - a.bytes);
  return {
    contributors: bySize(known.flatMap(({ contributors }) => contributors)),
    leftBehind: bySize(known.flatMap(({ leftBehind }) => leftBehind)),
    savings: bySize(known.flatMap(({ savings }) => savings)),
  };
}

function listed(title: string, all: readonly Contributor[]): readonly string[] {
  if (all.length === 0) return [];
  return [`${title}: ${all.map(({ label, bytes }) => `${label} ${formatBytes(bytes)}`).join(", ")}`];
}
