import { text, texts, type Json } from "../core/decode.ts";

/** An image ID; Podman writes some without their algorithm. */
export function readId(json: Json): string {
  return wholeId(text(json));
}

/** `repository:tag` or `repository@digest`, familiar form. API < 1.43 writes `<none>:<none>` and `<none>@<none>` for what has no name. */
export function readNames(json: Json): readonly string[] {
  return texts(json).filter((name) => !name.startsWith("<none>")).map(familiar);
}

/** The ID with its algorithm; whatever else is no ID stays as it is. */
export function wholeId(id: string): string {
  return /^[0-9a-f]{64}$/.test(id) ? `sha256:${id}` : id;
}

/** Docker says `debian:12` where Podman says `docker.io/library/debian:12`. */
export function familiar(name: string): string {
  return name.replace(/^docker\.io\/(?:library\/(?!.*\/))?/, "");
}
