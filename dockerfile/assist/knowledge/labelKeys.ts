/**
 * The label keys of the OCI image specification, without their prefix.
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys
 */
export const ociLabels: ReadonlyMap<string, string> = new Map(
  Object.entries({
    title: "Human-readable title of the image",
    description: "Human-readable description of the software in the image",
    version: "Version of the packaged software",
    source: "URL to get the source code for building the image",
    revision: "Revision of the source, such as a commit hash",
    created: "Date and time the image was built, by RFC 3339",
    authors: "Contact details of the people or organization responsible for the image",
    vendor: "Name of the distributing entity, organization or individual",
    licenses: "Licenses of the contained software as an SPDX license expression",
    url: "URL to find more information on the image",
    documentation: "URL to get documentation on the image",
    "ref.name": "Name of the reference for a target",
    "base.name": "Reference of the image this image is based on",
    "base.digest": "Digest of the image this image is based on",
  }).map(([key, doc]) => [`org.opencontainers.image.${key}`, doc]),
);
