import type { Dockerfile } from "../../syntax/syntax.ts";
import { foreignText, isPlainDockerfile } from "./foreignText.ts";
import { templateMark } from "./templateMark.ts";

/**
 * True for a file name that is included when a folder is linted: the names that editors take for Dockerfiles (see
 * `contributes.languages` in package.json), and ignore files.
 */
export function isDockerfileName(name: string): boolean {
  return /^(?:Dockerfile|Containerfile)(?:[._-].*)?$|\.(?:dockerfile|containerfile|dockerignore)$/i.test(name);
}

/**
 * The reason why a file with the name of a Dockerfile isn't one and is linted only if named explicitly: the end of a
 * sentence. Undefined if it is a Dockerfile.
 */
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

/** True if a file is in another language or isn't text, judged by its content, and by its name in case of doubt. */
export function isOtherLanguage(name: string, file: Dockerfile): boolean {
  return foreignText(file) !== undefined || (hasOtherExtension(name) && !isPlainDockerfile(file));
}

function hasOtherExtension(name: string): boolean {
  return otherExtensions.has(extensionOf(name));
}

/** The extension of `Dockerfile.x` and the like, in lower case; empty if there isn't one. */
function extensionOf(name: string): string {
  return /^(?:dockerfile|containerfile)(?:[._-].*)?\.([^.]+)$/i.exec(name)?.[1]?.toLowerCase() ?? "";
}

const templateExtensions: ReadonlySet<string> = new Set(
  "in j2 jinja jinja2 tmpl gotmpl template templ tpl erb ejs eta mustache hbs handlebars njk liquid m4 ftl mako vm envsubst".split(
    " ",
  ),
);

/**
 * Extensions of programming languages, data and documents. `Dockerfile.go` may also be the Dockerfile of a Go program:
 * the content decides.
 */
const otherExtensions: ReadonlySet<string> = new Set(
  [
    "go py pyi js mjs cjs jsx ts mts cts tsx java kt kts scala groovy gradle rs c h cc cpp cxx hpp cs fs vb rb php pl pm",
    "lua r jl swift dart ex exs erl hs ml clj cljs el lisp nim zig sh bash zsh fish ps1 psm1 bat cmd sql proto tf hcl nix",
    "vim md markdown rst adoc txt html htm xml css scss json json5 jsonc yaml yml toml ini cfg conf csv log lock snap",
    "vue svelte ipynb diff patch rej orig bak swp",
  ].flatMap((extensions) => extensions.split(" ")),
);
