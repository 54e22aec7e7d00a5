import { createDockerfileActions, type DockerfileActions } from "../../../client/src/dockerfiles/dockerfileActions.ts";
import type { DockerfileParts } from "../../../client/src/dockerfiles/dockerfileParts.ts";
import type { LayerNode } from "../../../client/src/images/node.ts";
import type { ImageSource } from "../../../client/src/sources/source.ts";
import type {
  OriginAnswer,
  OriginArguments,
  PinImageAnswer,
  PinImageArguments,
} from "../../../server/protocol/protocol.ts";
import { scriptedDialogs, type Script, type ScriptedDialogs } from "../actions/scriptedDialogs.ts";

export interface World extends Script {
  /** Paths in the workspace, one file each. */
  readonly files?: readonly string[];
  readonly origins?: Partial<OriginAnswer>;
  readonly pins?: readonly Partial<PinImageAnswer>[];
  readonly source?: Partial<ImageSource>;
  readonly picked?: LayerNode;
  /** The names of the workspace's folders. */
  readonly folders?: readonly string[];
  /** The languages that the server finds. */
  readonly projects?: readonly string[];
  readonly isTrusted?: boolean;
  /** The setting. */
  readonly engineHost?: string;
  /** On the PATH. */
  readonly programs?: readonly string[];
  readonly lastTag?: string;
}

export interface Worked {
  readonly actions: DockerfileActions;
  readonly dialogs: ScriptedDialogs;
  readonly asked: { readonly origins: OriginArguments[]; readonly pins: PinImageArguments[] };
}

/** The actions with scripted dialogs, a server with fixed answers, and an editor that records what it shows. */
export function dockerfilesOf({
  files = ["Dockerfile"],
  origins = {},
  pins = [],
  source = {},
  picked,
  folders = [],
  projects = [],
  isTrusted = true,
  engineHost = "",
  programs = ["docker", "podman"],
  lastTag,
  ...script
}: World): Worked {
  const dialogs = scriptedDialogs(script);
  const shown = (line: string): Promise<void> => Promise.resolve(void (dialogs.transcript as string[]).push(line));
  const asked: Worked["asked"] = { origins: [], pins: [] };
  const answers = [...pins];
  const parts: DockerfileParts = {
    dialogs: {
      ...dialogs,
      pickMany: async (question, list, sum) => {
        if (sum) await shown(`title: ${sum([])}`);
        return dialogs.pickMany(question, list);
      },
    },
    sources: {
      state: () => Promise.resolve({ engines: [], archives: [], isTrusted: true }),
      source: () => ({ id: "engine", kind: "engine", ...source }) as ImageSource,
    },
    server: {
      origins: (args) =>
        Promise.resolve(
          (asked.origins.push(args), { files: [], comparedCount: files.length, leftOut: [], ...origins }),
        ),
      projectDockerfiles: ({ folder }) =>
        Promise.resolve({
          dockerfiles: projects.map((language) => ({ language, text: `${language} of ${folder}` })),
        }),
      pinImage: (args) =>
        Promise.resolve(
          (asked.pins.push(args), { places: [], problems: [], confirmations: [], applied: true, ...answers.shift() }),
        ),
    },
    dockerfiles: {
      find: () => Promise.resolve(files.map((file) => `file:///w/${file}`)),
      name: (uri) => uri.slice("file:///w/".length),
      open: (uri, { start }) => shown(`open: ${uri.slice("file:///w/".length)}:${start.line + 1}`),
      showText: (title, text) => shown(`text: ${title}: ${text.trimEnd()}`),
    },
    folders: {
      list: () => folders.map((name) => ({ name, uri: `file:///w/${name}` })),
      exists: (uri) => Promise.resolve(files.includes(uri.slice("file:///w/".length))),
      openNew: (uri, text) => shown(`new: ${uri.slice("file:///w/".length)}: ${text}`),
    },
    builder: {
      isTrusted: () => isTrusted,
      engineHost: () => engineHost,
      findProgram: (name) => Promise.resolve(programs.includes(name) ? `/bin/${name}` : undefined),
      pathOf: (uri) => (uri.startsWith("file://") ? uri.slice("file://".length) : undefined),
      lastTag: () => lastTag,
      rememberTag: (_stage, tag) => shown(`remember: ${tag}`),
      run: ({ title, program, args, folder }) => shown(`run: ${title}: ${[program, ...args].join(" ")} in ${folder}`),
    },
    pickImage: () => Promise.resolve(undefined),
    pickLayer: () => Promise.resolve(picked),
  };
  return { actions: createDockerfileActions(parts), dialogs, asked };
}
