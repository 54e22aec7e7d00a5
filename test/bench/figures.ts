/** Runs `work` some times after a warm-up and prints the median with its spread, in milliseconds. */
export async function measure(label: string, runs: number, work: () => Promise<number | void> | number | void): Promise<number> {
  await work();
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    // A work that measures itself gives its own milliseconds.
    times.push((await work()) ?? performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)] ?? 0;
  print(label, median, `min ${shown(times[0] ?? 0)}, max ${shown(times.at(-1) ?? 0)}, ${runs} runs`);
  return median;
}

export function print(label: string, ms: number, note: string): void {
  console.log(`${label.padEnd(48)} ${shown(ms).padStart(10)}   ${note}`);
}

function shown(ms: number): string {
  return `${ms < 10 ? ms.toFixed(2) : ms.toFixed(0)} ms`;
}
