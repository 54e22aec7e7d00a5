import { instructionKnowledge } from "../../syntax/instructions.ts";
import { networkModes, securityModes, type FlagKnowledge } from "../../syntax/instructions/flags.ts";
import {
  mountOptions,
  mountTypes,
  sharingModes,
  type MountOptionKnowledge,
} from "../../syntax/instructions/mountOptions.ts";
import { describeFlag, describeMountOption, versionNote } from "../describe.ts";
import { platforms } from "../knowledge/platforms.ts";
import { values, type Completion, type Offer } from "./completion.ts";
import type { Slot } from "./slot.ts";

/** The flags of an instruction, except those already given that can't be repeated. */
export function flagOffer({ keyword, given }: Extract<Slot, { readonly kind: "flag" }>): Offer {
  const knowledge = instructionKnowledge(keyword);
  if (!knowledge) return { items: [] };
  const flags = knowledge.flags.filter(({ name, isRepeatable }) => isRepeatable || !given.includes(name));
  return { items: flags.map((flag) => flagItem(flag, knowledge.source)) };
}

function flagItem(flag: FlagKnowledge, source: string): Completion {
  const { name, value, since, isLabs } = flag;
  const version = versionNote(since, isLabs).replaceAll("`", "");
  const label = value === "boolean" ? `--${name}` : `--${name}=`;
  return {
    label,
    kind: "flag",
    ...(version !== "" && { detail: version }),
    doc: describeFlag(flag, source),
    ...(value !== "boolean" && { reopens: true }),
  };
}

/** The values of flags that take one of a few words; stages, users and paths are other offers. */
export function flagValueOffer(keyword: string, flag: string): Offer {
  const kind = instructionKnowledge(keyword)?.flags.find(({ name }) => name === flag)?.value;
  switch (kind) {
    case "boolean":
      return { items: values(["true", "false"]) };
    case "network":
      return { items: values(networkModes) };
    case "security":
      return { items: values(securityModes) };
    case "platform":
      return { items: [...values(["$BUILDPLATFORM", "$TARGETPLATFORM"]), ...values(platforms)] };
    case "duration":
      return { items: values(["5s", "10s", "30s", "1m", "5m"]) };
    case "count":
      return { items: values(["3", "5", "10"]) };
    case "mode":
      return { items: values(["644", "755", "600", "700", "u=rwX,go=rX"]) };
    case "checksum":
      return { items: values(["sha256:"]) };
    default:
      return { items: [] };
  }
}

/** The options that a mount of its type accepts and doesn't have yet. */
export function mountKeyOffer({ given }: Extract<Slot, { readonly kind: "mountKey" }>): Offer {
  const type = mountType(given);
  const keys = given.map((field) => field.split("=", 1)[0]?.toLowerCase());
  const open = mountOptions.filter(
    ({ key, aliases, types }) => types.includes(type) && ![key, ...aliases].some((name) => keys.includes(name)),
  );
  return { items: open.map(optionItem) };
}

function optionItem(option: MountOptionKnowledge): Completion {
  const { key, value, since } = option;
  const version = versionNote(since).replaceAll("`", "");
  const isPlain = value === "boolean";
  return {
    label: isPlain ? key : `${key}=`,
    kind: "option",
    ...(version !== "" && { detail: version }),
    doc: describeMountOption(option),
    ...(!isPlain && { reopens: true }),
  };
}

/** The values of mount options that take one of a few words. */
export function mountValueOffer(key: string): Offer {
  const option = mountOptions.find((known) => known.key === key || known.aliases.includes(key));
  switch (option?.value) {
    case "type":
      return { items: mountTypes.map(({ name, doc }) => ({ label: name, kind: "value", doc })) };
    case "sharing":
      return { items: values(sharingModes) };
    case "boolean":
      return { items: values(["true", "false"]) };
    case "mode":
      return { items: values(["0755", "0700", "0644", "0600", "0400"]) };
    case "size":
      return { items: values(["64m", "256m", "1g"]) };
    default:
      return { items: [] };
  }
}

/** The type of a mount according to its options; defaults to bind. */
export function mountType(given: readonly string[]): string {
  return given.find((field) => /^type=/i.test(field))?.slice("type=".length) ?? "bind";
}
