import type { Dockerfile } from "../../syntax/syntax.ts";
import { foreignText, isPlainDockerfile } from "./foreignText.ts";
import { templateMark } from "./templateMark.ts";

/** Whether a file is one of those that a folder stands for, by its name: the names that editors take for Dockerfiles (see `contributes.languages` in package.json), and ignore files. */
export function isDockerfileName(name: string): boolean {
  return /^(?:Dockerfile|Containerfile)(?:[._-].*)?$|\.(?:dockerfile|containerfile|dockerignore)$/i.test(name);
}

/** Why a file with the name of a Dockerfile is none, so that only one who names it can mean it: a sentence's end. Undefined if it is one. */
export function notDockerfileReason(name: string, file: Dockerfile): string | undefined {
  const extension = extensionOf(name);
  if (templateExtensions.has(extension)) return `a template, as .${extension} says`;
  const mark = templateMark(file);
  if (mark) {
    const line = file.text.slice(0, mark.start).split("\n").length;
    return `a template: ${file.text.slice(mark.start, mark.end).trim().slice(0, 40)} on line ${line}`;
  }
  const isOther = hasOtherExtension(name) && !isPlainDockerfile(file) && foreignText(file)?.kind !== "binary";
  return isOther ? `not a Dockerfile, judging by .${extension} and its content` : undefined;
}

/** Whether a file is in another language or no text, by its content, and by its name where the content leaves a doubt. */
export function isOtherLanguage(name: string, file: Dockerfile): boolean {
  return foreignText(file) !== undefined || (hasOtherExtension(name) && !isPlainDockerfile(file));
}

function hasOtherExtension(name: string): boolean {
  return otherExtensions.has(extensionOf(name));
}

/** Of `Dockerfile.x` and its like, in lower case; empty if there is none. */
function extensionOf(name: string): string {
  return /^(?:dockerfile|containerfile)(?:[._-].*)?\.([^.]+)$/i.exec(name)?.[1]?.toLowerCase() ?? "";
}

const templateExtensions: ReadonlySet<string> = new Set(
  "in j2 jinja jinja2 tmpl gotmpl template templ tpl erb ejs eta mustache hbs handlebars njk liquid m4 ftl mako vm".split(
    " ",
  ),
);

/** Of programming languages, data and documents. `Dockerfile.go` may also be the Dockerfile of what is written in Go: the content decides. */
const otherExtensions: ReadonlySet<string> = new Set(
  [
    "go py pyi js mjs cjs jsx ts mts cts tsx java kt kts scala groovy gradle rs c h cc cpp cxx hpp cs fs vb rb php pl pm",
    "lua r jl swift dart ex exs erl hs ml clj cljs el lisp nim zig sh bash zsh fish ps1 psm1 bat cmd sql proto tf hcl nix",
    "vim md markdown rst adoc txt html htm xml css scss json json5 jsonc yaml yml toml ini cfg conf csv log lock snap",
    "vue svelte ipynb diff patch rej orig bak swp",
  ].flatMap((extensions) => extensions.split(" ")),
);
