import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A Dockerfile as written in practice. */
export interface DockerfileFixture {
  readonly name: string;
  readonly text: string;
}

const folder = join(import.meta.dirname, "../../fixtures/dockerfiles");

/** All of `test/fixtures/dockerfiles`, by name. */
export const dockerfileFixtures: readonly DockerfileFixture[] = readdirSync(folder)
  .sort()
  .map((name) => ({ name, text: readFileSync(join(folder, name), "utf8") }));
