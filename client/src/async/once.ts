/** Creates a value at the first call and caches it. If creation fails, the next call tries again. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    if (made) return made;
    const making = make();
    const forget = (): void => void (made === making && (made = undefined));
    making.then(undefined, forget);
    made = making;
    return making;
  };
}
