// Reads are written `array[index] ?? 0` where they happen: one function that is given arrays of all types runs several times slower.

export type NumberArray = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

/** The array, or a copy with room for `length` numbers and as many again. */
export function withRoom<T extends NumberArray>(array: T, length: number, make: (length: number) => T): T {
  if (length <= array.length) return array;
  const larger = make(Math.max(length, array.length * 2));
  larger.set(array);
  return larger;
}

// `ArrayBufferLike`: columns may be views of what a file or another thread brought.
export const makeUint8 = (length: number): Uint8Array<ArrayBufferLike> => new Uint8Array(length);
export const makeUint16 = (length: number): Uint16Array<ArrayBufferLike> => new Uint16Array(length);
export const makeUint32 = (length: number): Uint32Array<ArrayBufferLike> => new Uint32Array(length);
export const makeInt32 = (length: number): Int32Array<ArrayBufferLike> => new Int32Array(length);
export const makeFloat64 = (length: number): Float64Array<ArrayBufferLike> => new Float64Array(length);
