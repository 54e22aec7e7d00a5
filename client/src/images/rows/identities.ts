import type { Image } from "../../../../oci/core/image.ts";
import { capitalize } from "../../../../oci/core/text.ts";
import { imageIdentities } from "../data/identities.ts";
import { tagsByName } from "../labels/names.ts";
import type { FactNode } from "../node.ts";
import { shortDigest } from "../../../../oci/core/digest.ts";
import type { Section } from "./context.ts";
import { l10n } from "../../ui/l10n.ts";

export const identitiesSection: Section = {
  kind: "identities",
  label: l10n.t("Tags and Digests"),
  icon: "key",
  note: l10n.t("Every name of the image, by its kind. They are not interchangeable"),
  scope: "platforms",
  summary: ({ image }) =>
    image.manifestDigest === undefined
      ? l10n.t("image ID {0}", shortDigest(image.id))
      : l10n.t("manifest {0}", shortDigest(image.manifestDigest)),
  rows: (rowId, { image }) => identityRows(rowId, image),
};

/**
 * Every name of an image by kind, tags first. Digests that this source doesn't report are shown as unknown, not left
 * out.
 */
function identityRows(rowId: string, image: Image): readonly FactNode[] {
  const fact = (name: string, value: string, explanation: string): FactNode => ({
    kind: "fact",
    id: `${rowId}/${name}/${value}`,
    name,
    value,
    explanation: capitalize(explanation),
    isLiteral: true,
  });
  const known = imageIdentities(image);
  return [
    ...tagsByName(image).map((tag): FactNode => ({
      ...fact(l10n.t("Tag"), tag, l10n.t("a name that can be moved to another image")),
      icon: "tag",
    })),
    ...known.map(({ kind, value, explanation }) => fact(kind, value, explanation)),
    ...untold
      .filter(([kind]) => !known.some((identity) => identity.kind === kind))
      .map(([kind, why]): FactNode => ({
        ...fact(kind, l10n.t("Not available from this source"), why),
        isLiteral: false,
      })),
  ];
}

/** Every image has these two; an index is optional. */
const untold: readonly (readonly [kind: string, why: string])[] = [
  [
    l10n.t("Manifest digest"),
    l10n.t("the classic image store and older docker save archives don't keep it; Podman doesn't report it"),
  ],
  [
    l10n.t("Config digest"),
    l10n.t(
      "the containerd store identifies images by index or manifest; the config digest is known after a comparison",
    ),
  ],
];
