// Reads are written inline as `array[index] ?? 0`: one function that receives arrays of all types runs several times
// slower.

export type NumberArray = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;

/** Returns the array, or a copy with room for twice `length` numbers. */
export function withRoom<T extends NumberArray>(array: T, length: number, make: (length: number) => T): T {
  if (length <= array.length) return array;
  const larger = make(Math.max(length, array.length * 2));
  larger.set(array);
  return larger;
}

// `ArrayBufferLike`: columns may be views of data from a file or another thread.
export const makeUint8 = (length: number): Uint8Array<ArrayBufferLike> => new Uint8Array(length);
export const makeUint16 = (length: number): Uint16Array<ArrayBufferLike> => new Uint16Array(length);
export const makeUint32 = (length: number): Uint32Array<ArrayBufferLike> => new Uint32Array(length);
export const makeInt32 = (length: number): Int32Array<ArrayBufferLike> => new Int32Array(length);
export const makeFloat64 = (length: number): Float64Array<ArrayBufferLike> => new Float64Array(length);
