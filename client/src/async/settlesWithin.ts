/**
 * Tells whether the work settles within some milliseconds, well or not: what takes longer is shown as going on.
 * Never fails, and keeps no timer once it has answered.
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
