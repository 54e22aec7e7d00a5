/** Of URIs that name a file of an image as its lowest layers leave it. */
export const layerFileScheme = "image-layer";
