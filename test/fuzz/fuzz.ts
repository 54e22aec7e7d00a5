// npm run fuzz -- SECONDS [TARGET…]: sends mutated inputs to the code that reads external text and bytes. Failing
// inputs are stored in test/fuzz/corpus, which npm test runs again.
import { keepInput } from "./corpus.ts";
import { mutate, seededRandom } from "./mutate.ts";
import type { Target } from "./target.ts";
import { targets } from "./targets.ts";

// For inputs of at most 64 kB; slower ones are findings, too.
const maxInputMs = 2_000;

const [seconds = "10", ...names] = process.argv.slice(2);
const wanted = names.length > 0 ? names : [...targets.keys()];
const unknown = wanted.filter((name) => !targets.has(name));
if (!(Number(seconds) > 0) || unknown.length > 0) {
  console.error(`usage: npm run fuzz -- SECONDS [TARGET…]; the targets are ${[...targets.keys()].join(", ")}`);
  process.exit(2);
}
let failures = 0;
for (const name of wanted) {
  const target = await targets.get(name)?.();
  if (!target) continue;
  failures += await fuzz(name, target);
  await target.stop?.();
}
process.exit(failures === 0 ? 0 : 1);

async function fuzz(name: string, target: Target): Promise<number> {
  const seed = Date.now() >>> 0;
  const random = seededRandom(seed);
  const start = performance.now();
  let inputs = 0;
  let failed = 0;
  for (; performance.now() - start < Number(seconds) * 1000; inputs++) {
    const input = mutate(target.seeds, target.words, random);
    const problem = await problemOf(target, input);
    if (problem === undefined) continue;
    failed++;
    console.log(`${name}: ${problem}\n  ${keepInput(name, input)}`);
  }
  const rate = Math.round(inputs / ((performance.now() - start) / 1000));
  console.log(`${name.padEnd(12)} ${inputs} inputs, ${rate} a second, ${failed} failed, seed ${seed}`);
  return failed;
}

async function problemOf(target: Target, input: Buffer): Promise<string | undefined> {
  const before = process.cpuUsage();
  try {
    await target.run(input);
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const { user, system } = process.cpuUsage(before);
  const ms = Math.round((user + system) / 1000);
  return ms > maxInputMs ? `took ${ms} ms of the processor` : undefined;
}
