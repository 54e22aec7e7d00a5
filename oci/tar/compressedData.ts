/** Thrown by these decoders for data that is corrupt, truncated, or of an unsupported kind. */
export class CompressedDataError extends Error {
  readonly code = "Z_DATA_ERROR";
}
