// A short fuzz with the same inputs in each run, and every input that ever failed.
import { after, describe, test } from "node:test";
import { corpusOf } from "./corpus.ts";
import { mutate, seededRandom } from "./mutate.ts";
import type { Target } from "./target.ts";
import { targets } from "./targets.ts";

const inputs = 150;

for (const [name, open] of targets) {
  describe(`${name} accepts any input`, () => {
    let target: Promise<Target> | undefined;
    const opened = (): Promise<Target> => (target ??= open());
    after(async () => (await target)?.stop?.());

    for (const [file, input] of corpusOf(name))
      test(`the input corpus/${name}/${file} is handled`, async () => (await opened()).run(input));

    test(`${inputs} mutated inputs are handled`, async () => {
      const { seeds, words, run } = await opened();
      const random = seededRandom(1);
      for (let left = inputs; left > 0; left--) await run(mutate(seeds, words, random));
    });
  });
}
