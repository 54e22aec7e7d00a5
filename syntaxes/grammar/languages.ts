/** A language that the body of a heredoc may be written in. */
export interface Language {
  /** VS Code's ID, for its comments and brackets. */
  readonly id: string;
  readonly grammar: string;
  /** Alternatives of file name extensions. */
  readonly extensions: string;
  /** Alternatives of programs that read it from their standard input or by a `#!` line. */
  readonly programs?: string;
}

/** Grammars that are included in VS Code, except TOML: without its extension those bodies stay plain. */
export const languages: readonly Language[] = [
  {
    id: "shellscript",
    grammar: "source.shell",
    extensions: "sh|bash|zsh|ksh|ash",
    programs: "(?:ba|da|z|k|a)?sh",
  },
  { id: "python", grammar: "source.python", extensions: "py", programs: String.raw`python[\d.]*|pypy\d*` },
  { id: "javascript", grammar: "source.js", extensions: "js|mjs|cjs", programs: "node|nodejs|bun" },
  { id: "typescript", grammar: "source.ts", extensions: "ts|mts", programs: "deno|tsx|ts-node" },
  { id: "ruby", grammar: "source.ruby", extensions: "rb", programs: "ruby" },
  { id: "perl", grammar: "source.perl", extensions: "pl|pm", programs: "perl" },
  { id: "php", grammar: "text.html.php", extensions: "php", programs: "php" },
  { id: "powershell", grammar: "source.powershell", extensions: "ps1|psm1", programs: "pwsh|powershell" },
  { id: "sql", grammar: "source.sql", extensions: "sql", programs: "psql|mysql|mariadb|sqlite3" },
  { id: "json", grammar: "source.json", extensions: "json|webmanifest" },
  { id: "yaml", grammar: "source.yaml", extensions: "ya?ml" },
  {
    id: "ini",
    grammar: "source.ini",
    extensions: "ini|conf|cfg|cnf|properties|service|timer|socket|repo|desktop",
  },
  { id: "toml", grammar: "source.toml", extensions: "toml" },
  { id: "xml", grammar: "text.xml", extensions: "xml|csproj|props" },
  { id: "html", grammar: "text.html.basic", extensions: "html?" },
  { id: "css", grammar: "source.css", extensions: "css" },
];

/** The scope of a body, which package.json maps to the language's ID. */
export function embeddedScope({ id }: Language): string {
  return `meta.embedded.block.${id}`;
}
