/** A group of rules, which can be listed, enabled and disabled as a whole. */
export interface RuleGroupInfo {
  readonly id: string;
  /** A heading. */
  readonly title: string;
  /** One sentence, Markdown. */
  readonly summary: string;
}

/** Every group, in the order that documentation and settings list them. */
export const ruleGroups = [
  {
    id: "correctness",
    title: "Correctness",
    summary: "The build fails, or the image doesn't do what the Dockerfile says.",
  },
  {
    id: "security",
    title: "Security",
    summary: "Secrets in the image, unverified downloads, needless privileges.",
  },
  {
    id: "size",
    title: "Size",
    summary: "Layers that are larger, or rebuilt more often, than they need to be.",
  },
  {
    id: "reproducibility",
    title: "Reproducibility",
    summary: "The same file builds a different image on another day.",
  },
  {
    id: "style",
    title: "Style",
    summary: "Conventions for how the file is written and what the image says about itself.",
  },
  {
    id: "context",
    title: "Build context",
    summary: "What `COPY`, `ADD` and ignore files say about the files of the build context.",
  },
] as const satisfies readonly RuleGroupInfo[];

/** The property that a rule protects. Names are fixed: settings and command lines use them. */
export type RuleGroup = (typeof ruleGroups)[number]["id"];

/** Finds the group with this name, in any case. */
export function findGroup(name: string): RuleGroup | undefined {
  const wanted = name.toLowerCase();
  return ruleGroups.find(({ id }) => id === wanted)?.id;
}
