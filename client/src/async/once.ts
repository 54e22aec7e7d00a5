/** Makes a value at the first call and keeps it for the next ones. What fails is made again at the next call. */
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
