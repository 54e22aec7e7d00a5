import { createHash } from "node:crypto";
import type { MinimalEngineAnswer } from "./minimalEngine.ts";

/** An image in the terms of an engine's API, without bytes; omitted members are derived from the name. */
export interface MinimalEngineImage {
  readonly name: string;
  readonly layers?: number;
  /** Seconds since 1970. */
  readonly created?: number;
  /** Members of `Config` in the response. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly author?: string;
  /** Newest first; by default a RUN for each layer. */
  readonly history?: readonly object[];
}

/**
 * Responses for lists, images and histories in the form and order of Docker 28.5. The images may change between
 * requests.
 */
export function answerWithImages(images: () => readonly MinimalEngineImage[]): MinimalEngineAnswer {
  let known:
    | { readonly images: readonly MinimalEngineImage[]; readonly byName: ReadonlyMap<string, MinimalEngineImage> }
    | undefined;
  const find = (name: string): MinimalEngineImage | undefined => {
    const now = images();
    if (known?.images !== now)
      known = {
        images: now,
        byName: new Map(
          now.flatMap((image) => [
            [image.name, image],
            [idOf(image), image],
          ]),
        ),
      };
    return known.byName.get(name);
  };
  return (path, response) => {
    const body = path === "/images/json" ? images().map(summaryOf) : answerAbout(path, find);
    if (body !== undefined) response.setHeader("Content-Type", "application/json").end(JSON.stringify(body));
    return body !== undefined;
  };
}

export function idOf({ name }: MinimalEngineImage): string {
  return digestOf(name);
}

/** Creates `count` images of some hundred repositories, each with a label, the newest first by their number. */
export function manyImages(count: number): readonly MinimalEngineImage[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `bench.test/team/app-${index % 500}:v${index}`,
    layers: 5,
    created: 1_767_225_600 + index * 60,
    labels: { "org.opencontainers.image.revision": digestOf(`${index}`) },
  }));
}

function answerAbout(path: string, find: (name: string) => MinimalEngineImage | undefined): unknown {
  const [, name = "", what] = /^\/images\/(.+)\/(json|history)$/.exec(path) ?? [];
  const image = find(decodeURIComponent(name));
  return image && (what === "history" ? historyOf(image) : inspectOf(image));
}

function summaryOf(image: MinimalEngineImage): object {
  const { name, created = 1_767_225_600, labels = null } = image;
  return {
    Containers: 0,
    Created: created,
    Id: idOf(image),
    Labels: labels,
    ParentId: "",
    RepoDigests: [],
    RepoTags: [name],
    SharedSize: -1,
    Size: 100_000_000,
  };
}

function inspectOf(image: MinimalEngineImage): object {
  const { name, layers = 3, created = 1_767_225_600, config = {}, labels = null, author = "" } = image;
  return {
    Id: idOf(image),
    RepoTags: [name],
    RepoDigests: [],
    Parent: "",
    Comment: "",
    Created: new Date(created * 1000).toISOString(),
    Author: author,
    Config: { Env: ["PATH=/bin"], Cmd: ["run"], WorkingDir: "/app", Labels: labels, ...config },
    Architecture: "amd64",
    Os: "linux",
    Size: 100_000_000,
    RootFS: { Type: "layers", Layers: Array.from({ length: layers }, (_, index) => digestOf(`${name} ${index}`)) },
  };
}

function historyOf({ name, layers = 3, history }: MinimalEngineImage): readonly object[] {
  return (
    history ??
    Array.from({ length: layers }, (_, index) => ({
      Comment: "buildkit.dockerfile.v0",
      Created: 1_767_225_600,
      CreatedBy: `RUN /bin/sh -c make ${layers - index} # buildkit`,
      Id: index === 0 ? digestOf(name) : "<missing>",
      Size: 1000 * (layers - index),
      Tags: null,
    }))
  );
}

function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}
