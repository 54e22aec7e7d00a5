import { ownEntry } from "../../../oci/core/ownEntry.ts";
import type { Instruction } from "../../syntax/syntax.ts";
import { predefinedArgs } from "../../syntax/expand/predefinedArgs.ts";
import { ociLabels } from "../knowledge/labelKeys.ts";
import { ports, protocols } from "../knowledge/ports.ts";
import { signals } from "../knowledge/signals.ts";
import { formatValue } from "../variableText.ts";
import { noOffer, values, type Completion, type CompletionInput, type Offer } from "./completion.ts";
import type { ArgumentSlot } from "./slot.ts";

/** Completions for words of instructions whose arguments are neither paths nor images nor users. */
export function wordOffer(input: CompletionInput, slot: ArgumentSlot, instruction: Instruction | undefined): Offer {
  return ownEntry(wordOffers, slot.keyword)?.(input, slot, instruction) ?? noOffer;
}

const wordOffers: Readonly<Record<string, typeof wordOffer>> = {
  EXPOSE: (_input, { typed }) => portOffer(typed),
  STOPSIGNAL: (_input, { words }) => first(words, signalItems),
  SHELL: (_input, { words, isJson }) => (isJson ? noOffer : first(words, shells)),
  HEALTHCHECK: (_input, { words }) => first(words, healthchecks),
  LABEL: (input, { typed }) => labelOffer(input, typed),
  ARG: (input, { typed }, instruction) => (typed.includes("=") ? noOffer : argOffer(input, instruction)),
  WORKDIR: (input, { words }, instruction) => (words.length === 0 ? folderOffer(input, instruction) : noOffer),
};

/** Items offered for the first argument only. */
function first(words: readonly string[], items: readonly Completion[]): Offer {
  return words.length === 0 ? { items } : noOffer;
}

const signalItems: readonly Completion[] = [...signals].map(([label, doc]) => ({ label, kind: "value", doc }));

function portOffer(typed: string): Offer {
  const [, port] = /^(\d+(?:-\d+)?)\/\w*$/.exec(typed) ?? [];
  if (port !== undefined) return { items: values(protocols.map((protocol) => `${port}/${protocol}`)) };
  return { items: [...ports].map(([number, doc]) => ({ label: String(number), kind: "value", detail: doc })) };
}

const shells: readonly Completion[] = [
  { label: '["/bin/bash", "-o", "pipefail", "-c"]', kind: "value", detail: "a failing command fails its pipe" },
  { label: '["/bin/ash", "-eo", "pipefail", "-c"]', kind: "value", detail: "Alpine, busybox" },
  { label: '["/bin/sh", "-c"]', kind: "value", detail: "default on Linux" },
  { label: '["pwsh", "-Command"]', kind: "value", detail: "PowerShell" },
  { label: '["powershell", "-Command"]', kind: "value", detail: "Windows PowerShell" },
  { label: '["cmd", "/S", "/C"]', kind: "value", detail: "default on Windows" },
];

const healthchecks: readonly Completion[] = [
  {
    label: "CMD",
    kind: "keyword",
    snippet: "CMD ${1:command}",
    doc: "The command that tells whether the container works",
  },
  { label: "NONE", kind: "keyword", doc: "Switches off the check of the base image" },
];

function labelOffer({ build }: CompletionInput, typed: string): Offer {
  if (typed.includes("=")) return noOffer;
  const given = new Set(
    build.file.instructions.flatMap(({ keyword, pairs }) =>
      keyword.value === "LABEL" ? pairs.filter(({ value }) => value).map(({ key }) => key.value) : [],
    ),
  );
  const items = [...ociLabels]
    .filter(([key]) => !given.has(key))
    .map(([key, doc]): Completion => ({
      label: key,
      kind: "label",
      text: `${key}=`,
      snippet: `${key}="\${1:value}"`,
      doc,
    }));
  return { items };
}

/**
 * Inside a stage, offers the ARGs from before the first FROM and the builder's ARGs: only a declaration makes either
 * available.
 */
function argOffer({ build }: CompletionInput, instruction: Instruction | undefined): Offer {
  const { file, scopes } = build;
  if (!instruction || instruction.stageIndex < 0) return noOffer;
  const names = file.globals.flatMap(({ keyword, pairs }) =>
    keyword.value === "ARG" ? pairs.map(({ key }) => key.value) : [],
  );
  const items = [...new Set(names)].flatMap((label): readonly Completion[] => {
    const variable = scopes.globalVariable(label);
    return label === "" || !variable ? [] : [{ label, kind: "variable", detail: formatValue(variable) }];
  });
  const predefined = [...predefinedArgs.values()]
    .filter(({ kind, name }) => kind !== "proxy" && !names.includes(name))
    .map(({ name, doc }): Completion => ({ label: name, kind: "variable", detail: "predefined ARG", doc }));
  return { items: [...items, ...predefined] };
}

/** Folders that the file uses as working folders, and the current one. */
export function folderOffer({ build }: CompletionInput, instruction: Instruction | undefined): Offer {
  const named = build.file.instructions
    .filter(({ keyword, index }) => keyword.value === "WORKDIR" && index !== instruction?.index)
    .flatMap(({ arguments: [folder] }) => folder?.value ?? []);
  const items = [...new Set(named)].filter((folder) => /^[^\s"'\\$]+$/.test(folder));
  return { items: values(items, "folder", "WORKDIR of this file") };
}
