import { type CancellationToken, type TextDocumentContentProvider, Uri, window, workspace } from "vscode";
import { formatPlatform, parsePlatform } from "../../../oci/core/platform.ts";
import { failure, type Result, success } from "../../../oci/core/error.ts";
import { visibleJson, visibleText } from "../../../oci/core/visibleText.ts";
import type { Image } from "../../../oci/core/image.ts";
import { adviceFor } from "../ui/advice.ts";
import { safeLine } from "../ui/untrustedText.ts";
import { imageAsJson } from "./inspectJson.ts";
import type { StatementNode } from "./node.ts";
import type { TreeSource } from "./data/imageCache.ts";
import { l10n } from "../ui/l10n.ts";

export const inspectScheme = "imagewright-image";

/**
 * Read-only JSON documents with the known data or the attestations of an image. They are read again when a window is
 * reloaded.
 */
export function createInspectDocuments(
  source: (sourceId: string) => Promise<TreeSource | undefined>,
): TextDocumentContentProvider {
  return {
    provideTextDocumentContent: async (uri: Uri, token: CancellationToken): Promise<string> => {
      const asked = new URLSearchParams(uri.query);
      const reading = new AbortController();
      token.onCancellationRequested(() => reading.abort());
      const reader = await source(asked.get("source") ?? "");
      if (!reader) return `// ${l10n.t("The source of this image is no longer open")}\n`;
      const platform = parsePlatform(asked.get("platform") ?? "");
      const image = await reader.image(
        asked.get("image") ?? "",
        { ...(platform && { platform }), allowMissingBlobs: true },
        reading.signal,
      );
      const statement = asked.get("statement");
      const text = !image.ok
        ? image
        : statement === null
          ? success(await inspect(image.value, reader, reading.signal))
          : await readStatement(image.value, statement, reader, reading.signal);
      return text.ok ? text.value : `// ${safeLine(`${adviceFor(text.error).title}: ${text.error.message}`)}\n`;
    },
  };
}

async function inspect(image: Image, reader: TreeSource, signal: AbortSignal): Promise<string> {
  const listed = await reader.list(signal);
  return pretty(imageAsJson(image, listed.ok ? reader.catalog.known(listed.value) : undefined));
}

async function readStatement(
  image: Image,
  digest: string,
  { attested }: TreeSource,
  signal: AbortSignal,
): Promise<Result<string>> {
  const read = await attested?.attestations(image, signal);
  if (read && !read.ok) return read;
  const statements =
    read?.value.flatMap((attestation) => (attestation.statements.ok ? attestation.statements.value : [])) ?? [];
  const wanted = statements.find((statement) => statement.digest === digest);
  if (!attested || !wanted)
    return failure({ kind: "notFound", what: digest, message: l10n.t("the image no longer has this attestation") });
  const text = await attested.statement(image, wanted, signal);
  return text.ok ? success(prettyText(text.value)) : text;
}

// Formatting makes it more than half as long again, and VS Code shows extensions' documents up to 50 MB. It takes a
// fifth of a second, during which all extensions are blocked.
const maxPrettyLength = 16 * 1024 * 1024;

/** The formatted text; unchanged if it isn't JSON or is very long. */
function prettyText(text: string): string {
  if (text.length > maxPrettyLength) return visibleText(text);
  try {
    return pretty(JSON.parse(text));
  } catch {
    return visibleText(text);
  }
}

function pretty(value: unknown): string {
  return `${visibleJson(JSON.stringify(value, undefined, 2))}\n`;
}

/** Opens the document of an image, with `name` as its title. */
export async function showInspect(sourceId: string, image: string, name: string): Promise<void> {
  await show(name, { source: sourceId, image });
}

/** Opens a statement as a document. */
export async function showStatement({ sourceId, imageId, platform, statement }: StatementNode): Promise<void> {
  const name = (statement.predicateType ?? "statement").replace(/^https?:\/\//, "");
  await show(name, {
    source: sourceId,
    image: imageId,
    statement: statement.digest,
    ...(platform ? { platform: formatPlatform(platform) } : {}),
  });
}

async function show(name: string, query: Readonly<Record<string, string>>): Promise<void> {
  // A slash or colon in the name would become a folder or a drive in the title.
  const path = `/${name.replace(/[^\w.@-]+/g, "_")}.json`;
  const document = await workspace.openTextDocument(
    Uri.from({ scheme: inspectScheme, path, query: new URLSearchParams(query).toString() }),
  );
  await window.showTextDocument(document, { preview: true });
}
