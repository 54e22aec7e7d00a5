import type { LayerSize } from "../../../dockerfile/size/estimator.ts";

/** The size of a line and its origin. */
export function sizeJson(size: LayerSize) {
  switch (size.state) {
    case "estimated": {
      const { low, likely, high, because } = size.estimate;
      return { bytes: { low, likely, high }, trust: size.trust, because };
    }
    case "stage": {
      const { low, likely, high, unknown } = size.total;
      // A total with unknown layers would be made up.
      return unknown > 0
        ? {
            bytes: null,
            trust: "unknown",
            because: `${unknown} unknown in stage ${size.stageName}, at least ${low} bytes`,
          }
        : { bytes: { low, likely, high }, trust: "computed", because: `all of stage ${size.stageName}` };
    }
    case "pending":
      return { bytes: null, trust: "unknown", because: "still being looked up" };
    case "unknown":
      return { bytes: null, trust: "unknown", because: size.reason };
  }
}
