// What dockerfile-language-service answers and Imagewright doesn't, with the reason. docs/comparison.md lists them.

/** An answer of theirs, where ours is empty. */
export interface TheirAnswer {
  readonly feature: string;
  /** The text of the file before the place, and from it on. */
  readonly before: string;
  readonly after: string;
}

export interface Difference {
  readonly features: readonly string[];
  /** As in the docs. */
  readonly reason: string;
  explains(answer: TheirAnswer): boolean;
}

const names = ["highlight", "rename"];

export const differences: readonly Difference[] = [
  {
    features: ["signature help"],
    reason: "What a heredoc holds isn't an argument of the instruction.",
    explains: ({ before }) => isInHeredoc(before),
  },
  {
    features: ["signature help"],
    reason: "Parser directives are completed with their values instead.",
    explains: ({ before }) => /\n# *\w*$/.test(`\n${before}`),
  },
  {
    features: ["signature help"],
    reason: "The instruction after `ONBUILD` or `HEALTHCHECK` is completed while it is being written.",
    explains: ({ before }) => /\n(?:ONBUILD|HEALTHCHECK) \w+$/.test(before),
  },
  {
    features: ["completion", "outline"],
    reason: "The lines of a second heredoc, and those after `<< EOF`, aren't instructions.",
    explains: ({ before }) => /<< |<<\w+[^\n]*<<\w+/.test(before),
  },
  {
    features: ["completion"],
    reason: "A pattern of `--exclude` can be anything.",
    explains: ({ before }) => /--exclude=\S*$/.test(before),
  },
  {
    features: ["definition", ...names],
    reason: "A name that is declared in quotes is left alone.",
    explains: ({ before }) => /(?:ENV|ARG) "\w+$/.test(before),
  },
  {
    features: names,
    reason: "The operand of a modifier, as in `${A%y}`, names nothing.",
    explains: ({ before }) => /\$\{\w+(?:[#%/]|:[+?-])[^}]*$/.test(before),
  },
  {
    features: ["definition"],
    reason: "The start of a heredoc is its own declaration.",
    explains: ({ before }) => /<<-?["']?\w*$/.test(before),
  },
  {
    features: names,
    reason:
      "A variable that the file doesn't declare is the base image's or the shell's; another name is another variable.",
    explains: ({ before }) => /\$(?:\w*|\{[^}]*)$/.test(before),
  },
  {
    features: ["completion"],
    reason: "The JSON forms of `SHELL`, `RUN`, `CMD` and `ENTRYPOINT` expand no variables.",
    explains: ({ before }) => /\[[^\n\]]*$/.test(before),
  },
  {
    features: ["links"],
    reason: "`scratch`, stages, names with variables, and registries that describe their images nowhere have no page.",
    explains: ({ after }) => !/^(?:docker\.io|ghcr\.io|quay\.io|mcr\.)/.test(after),
  },
  {
    features: ["folding"],
    reason: "A first line `#!` is not part of the comment below it.",
    explains: ({ before, after }) => before === "" && after.startsWith("#!"),
  },
];

function isInHeredoc(before: string): boolean {
  const [, name] = [...before.matchAll(/<<-?["']?(\w[\w.]*)["']?/g)].at(-1) ?? [];
  return (
    name !== undefined &&
    !new RegExp(`\\n\\s*${name.replaceAll(".", "\\.")}\\n`).test(before.slice(before.lastIndexOf(`<<`)))
  );
}
