import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PeerCase } from "./peerCase.ts";

/** The cases of BuildKit's own checks, from a folder with its sources: its tests, and the examples of its pages. */
export function buildkitCases(folder: string): readonly PeerCase[] {
  return [
    ...testCases(join(folder, "frontend/dockerfile")),
    ...pageCases(join(folder, "frontend/dockerfile/docs/rules")),
  ];
}

/** Tests assign a text to a variable and pass it on with the expected warnings. Texts that are put together are left out. */
function testCases(folder: string): readonly PeerCase[] {
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith("_test.go"))
    .map((name) => readFileSync(join(folder, name), "utf8"));
  return texts.filter((text) => text.includes("func checkLinterWarnings")).flatMap(casesIn);
}

function casesIn(go: string): readonly PeerCase[] {
  const statement =
    /\b(dockerfile|dockerignore) :?= ([^`]*)`([^`]*)`|checkLinterWarnings\(t, sb, &lintTestParams\{((?:[^\n]*\}\)$)|[^]*?\n\t+\}\)$)/gm;
  const texts = new Map<string, string | undefined>();
  return [...go.matchAll(statement)].flatMap(([, variable, maker = "", text, given = ""]): readonly PeerCase[] => {
    if (variable !== undefined) {
      texts.set(variable, maker.includes("Appendf") ? undefined : text);
      return [];
    }
    const dockerfile = texts.get("dockerfile");
    // Build arguments and further contexts come from outside of the file; some warnings are made by a function.
    if (dockerfile === undefined || /FrontendAttrs|DockerIgnore:\s+\[\]byte|\bmake\w+\(/.test(given)) return [];
    const ignoreFile = given.includes("DockerIgnore:") ? texts.get("dockerignore") : undefined;
    const found = [...warningsOf(given).matchAll(/RuleName:\s+"(\w+)"[^]*?\bLine:\s+(\d+)/g)];
    const expected = found.map(([, rule = "", line]) => ({ rule, line: Number(line) }));
    return [{ name: `test ${texts.size} ${dockerfile.trim().slice(0, 60)}`, dockerfile, ignoreFile, expected }];
  });
}

/** The findings for all targets, if they are more than those of a build of the last one. */
function warningsOf(given: string): string {
  return given.split(/\bUnmarshalWarnings:/)[1] ?? given;
}

/** Each page shows what its rule finds, marked by a cross, and what it doesn't. */
function pageCases(folder: string): readonly PeerCase[] {
  return readdirSync(folder).flatMap((page): readonly PeerCase[] => {
    const text = readFileSync(join(folder, page), "utf8");
    const rule = /^title: (\w+)$/m.exec(text)?.[1];
    if (rule === undefined) return [];
    const examples = [...text.matchAll(/^(❌|✅)[^\n]*\n(?:(?!```)[^\n]*\n)*```dockerfile\n([^]*?)```/gm)];
    return examples.map(([, mark, dockerfile = ""], index) => ({
      name: `${page} ${index + 1}`,
      dockerfile,
      rule,
      isFound: mark === "❌",
    }));
  });
}
