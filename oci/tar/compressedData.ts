/** Thrown by the decoders here for data that is corrupt, cut off, or of a kind they don't know. */
export class CompressedDataError extends Error {
  readonly code = "Z_DATA_ERROR";
}
