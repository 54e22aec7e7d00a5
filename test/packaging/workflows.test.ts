import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { parseDocument } from "yaml";

interface Job {
  readonly "runs-on": string;
  readonly "timeout-minutes": number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
}

interface Workflow {
  readonly on: object;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const github = join(import.meta.dirname, "../../.github");
const scripts = Object.keys(
  (JSON.parse(readFileSync(join(github, "../package.json"), "utf8")) as { scripts: object }).scripts,
);

for (const file of readdirSync(join(github, "workflows"))) {
  describe(file, () => {
    const text = readFileSync(join(github, "workflows", file), "utf8");
    const document = parseDocument(text);
    const workflow = document.toJS() as Workflow;
    const jobs = Object.entries(workflow.jobs);

    test("a workflow is YAML with triggers, and jobs with a time limit", () => {
      assert.deepEqual(document.errors, []);
      assert.ok(Object.keys(workflow.on).length > 0);
      for (const [name, job] of jobs) {
        assert.ok(job["timeout-minutes"] > 0, name);
        for (const step of job.steps) assert.ok(step.uses !== undefined || step.run !== undefined, name);
      }
    });

    test("a workflow pins each action by digest, with the version next to it", () => {
      for (const [line, action = ""] of text.matchAll(/uses: (\S+).*/g))
        assert.match(line, /@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, action);
    });

    test("a workflow only reads the repository, unless a job declares another right", () => {
      assert.deepEqual(workflow.permissions, { contents: "read" });
      for (const [name, { permissions = {} }] of jobs)
        for (const [right, access] of Object.entries(permissions))
          assert.ok(access === "read" || ["id-token", "attestations"].includes(right), `${name}: ${right}: ${access}`);
    });

    test("a workflow runs scripts that exist", () => {
      for (const [, script = ""] of text.matchAll(/npm run ([\w:-]+)/g)) assert.ok(scripts.includes(script), script);
    });
  });
}
