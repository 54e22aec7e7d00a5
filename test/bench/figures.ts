type Work = () => Promise<number | void> | number | void;

/** Runs `work` several times after a warm-up and prints the median with its spread, in milliseconds. */
export async function measure(label: string, runs: number, work: Work): Promise<number> {
  const [median = 0] = await measureByTurns(runs, { [label]: work });
  return median;
}

/**
 * Like {@link measure}, but alternates in each run between works to compare, which exposes all to the same load.
 * Returns the medians in the given order.
 */
export async function measureByTurns(runs: number, works: Readonly<Record<string, Work>>): Promise<readonly number[]> {
  const measured = Object.entries(works).map(([label, work]) => ({ label, work, times: [] as number[] }));
  for (const { work } of measured) await work();
  for (let i = 0; i < runs; i++) {
    for (const { work, times } of measured) times.push(await time(work));
  }
  return measured.map(({ label, times }) => {
    times.sort((a, b) => a - b);
    const median = times[Math.floor(times.length / 2)] ?? 0;
    print(label, median, `min ${shown(times[0] ?? 0)}, max ${shown(times.at(-1) ?? 0)}, ${runs} runs`);
    return median;
  });
}

export function print(label: string, ms: number, note: string): void {
  printFigure(label, shown(ms), note);
}

/** Prints a figure with its unit. */
export function printFigure(label: string, figure: string, note: string): void {
  console.log(`${label.padEnd(48)} ${figure.padStart(10)}   ${note}`);
}

/** Times a work, unless it measures itself and returns its milliseconds. */
async function time(work: Work): Promise<number> {
  const start = performance.now();
  return (await work()) ?? performance.now() - start;
}

function shown(ms: number): string {
  return `${ms < 10 ? ms.toFixed(2) : ms.toFixed(0)} ms`;
}
