/**
 * Resolves to true if the work settles, with any result, within `ms` milliseconds. Slower work is shown as in progress.
 * Never rejects, and leaves no timer running once it has resolved.
 */
export async function settlesWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeIsUp = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), ms)));
  const settled = work.then(
    () => true,
    () => true,
  );
  return Promise.race([settled, timeIsUp]).finally(() => clearTimeout(timer));
}
