import assert from "node:assert/strict";
import { test } from "node:test";
import { childrenOf } from "../../../../client/src/images/children.ts";
import { describe } from "../../../../client/src/images/labels/describe.ts";
import type { RowContext, Section } from "../../../../client/src/images/rows/context.ts";
import { infoNotice } from "../../../../client/src/images/rows/notices.ts";
import type { ManifestDigest } from "../../../../oci/core/digest.ts";
import type { ManifestSummary } from "../../../../oci/core/image.ts";
import { digest, image, summary } from "../../../support/images/literalImages.ts";
import { context, draw, imageNode, never, readers, rowOf } from "../fakeTree.ts";

/** Everything that a section needs to appear: one value in the table. */
const added: Section = {
  kind: "packages",
  label: "Packages",
  icon: "package",
  note: "What package managers installed",
  scope: "image",
  appliesTo: ({ image: { layers } }) => layers.length === 0,
  summary: ({ summary: { tags } }) => `of ${tags.join()}`,
  rows: (rowId) => [infoNotice(`${rowId}/none`, "No packages")],
};

const manifest: ManifestSummary = {
  kind: "image",
  digest: digest("d") as ManifestDigest,
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  platform: { os: "linux", architecture: "amd64" },
  annotations: {},
};

function withSection(section: Section): RowContext {
  const plain = context(readers({}, [summary()], () => image({ manifests: [manifest] })));
  return { ...plain, sections: [section, ...plain.sections] };
}

test("a section that is only added to the table appears under an image and opens", async () => {
  const on = withSection(added);
  assert.match(await draw(imageNode(), on), /^\nPackages \| of debian:12\nLayers \| 0\n/);
  assert.equal(await draw(await rowOf("Packages", imageNode(), on), on), "\nNo packages |");
});

test("a section's appearance comes from the table", async () => {
  const { icon, contextValue, collapsibleState, tooltip } = describe(
    await rowOf("Packages", imageNode(), withSection(added)),
    0,
  );
  assert.deepEqual(
    { icon, contextValue, collapsibleState },
    { icon: "package", contextValue: "section packages", collapsibleState: "collapsed" },
  );
  assert.equal(tooltip().note, "of debian:12\nWhat package managers installed");
});

test("a section that doesn't apply to an image has no row", async () => {
  const on = withSection({ ...added, appliesTo: () => false });
  assert.doesNotMatch(await draw(imageNode(), on), /Packages/);
});

test("only sections for platforms appear under each platform", async () => {
  const rowsUnderPlatform = async (scope: Section["scope"]): Promise<string> => {
    const on = withSection({ ...added, scope });
    const [platform] = await childrenOf(await rowOf("Platforms", imageNode(), on), on, never);
    return draw(platform, on);
  };
  assert.doesNotMatch(await rowsUnderPlatform("image"), /Packages/);
  assert.match(await rowsUnderPlatform("platforms"), /Packages \| of debian:12/);
});
