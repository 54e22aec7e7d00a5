/** The scheme of URIs for files in the file system of an image's lowest layers. */
export const layerFileScheme = "image-layer";
