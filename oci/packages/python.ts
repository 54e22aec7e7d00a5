/** The name and version of a distribution's `METADATA` or `PKG-INFO`. @see https://packaging.python.org/en/latest/specifications/core-metadata/ */
export function parsePythonMetadata(
  bytes: Uint8Array,
): { readonly name: string; readonly version: string } | undefined {
  const [headers = ""] = new TextDecoder().decode(bytes).split(/\r?\n\r?\n/, 1);
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*\\r?$`, "im").exec(headers)?.[1];
  const name = field("Name");
  const version = field("Version");
  return name && version ? { name: normalized(name), version } : undefined;
}

/** `Foo_Bar` and `foo-bar` are one project. @see https://packaging.python.org/en/latest/specifications/name-normalization/ */
function normalized(name: string): string {
  return name.replace(/[-_.]+/g, "-").toLowerCase();
}
