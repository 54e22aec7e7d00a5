import { formatBytes } from "../../../../oci/core/bytes.ts";
import type { Fix, Report } from "../../../../dockerfile/lint/rule.ts";
import type { Build } from "../../../../dockerfile/semantics/build.ts";
import type { LayerSize, SizeDetails } from "../../../../dockerfile/size/estimator.ts";
import { sizeStages } from "../../../../dockerfile/size/run.ts";

/** Rules whose advice saves a known size, with the advice as sizes name it. @see dockerfile/size/programs/apt.ts */
const advice: ReadonlyMap<string, string> = new Map([
  ["apt-lists-left", "remove the package lists"],
  ["no-install-recommends", "add --no-install-recommends"],
]);

/** Adds to findings, and to the titles of their fixes, the bytes that their advice saves, as far as currently known. */
export function withSavedBytes(reports: readonly Report[], build: Build): readonly Report[] {
  if (!reports.some(({ rule }) => advice.has(rule.id))) return reports;
  const layers = sizeStages(build).flatMap((stage) => stage.layers);
  return reports.map((report) => {
    const label = advice.get(report.rule.id);
    const layer = layers.find(({ layer: { instruction } }) => isWithin(report, instruction));
    const saving = layer && detailsOf(layer)?.savings.find((it) => it.label === label);
    return saving ? withBytes(report, saving.bytes) : report;
  });
}

function withBytes(report: Report, bytes: number): Report {
  const words = `(saves ${formatBytes(bytes)})`;
  const { fix, message } = report;
  const sized =
    fix &&
    ((): Fix => {
      const made = fix();
      return { ...made, title: `${made.title} ${words}` };
    });
  return { ...report, message: `${message} ${words}`, ...(sized && { fix: sized }) };
}

function isWithin({ span: inner }: Pick<Report, "span">, { span: outer }: Pick<Report, "span">): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}

/** The details of a layer whose size is known at least in part. */
export function detailsOf(size: LayerSize): SizeDetails | undefined {
  switch (size.state) {
    case "estimated":
      return size.estimate.details;
    case "unknown":
      return size.details;
    default:
      return undefined;
  }
}
