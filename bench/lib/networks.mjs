import { library } from './library.mjs';

/** A network of the library's catalogue with its weights: `run(image)` goes from RGBA to the network's outputs. */
export async function openNetwork(name, weights) {
  const { catalogue, manifestsOf } = await library('./models');
  const { loadParameters } = await library('./io');
  const { plan } = await library('./graph');
  const { Photo } = await library('./image');
  const network = catalogue[name].build();
  const bound = network.bind(await loadParameters(weights, { manifests: manifestsOf([name]) }));
  const { graph, input, outputs } = network;
  const made = plan(graph, { parameters: bound, inputs: { [input.name]: [1, input.size, input.size, 3] }, outputs });
  const run = (image) => {
    const photo = new Photo(image);
    const { width, height } = photo;
    const pixels = photo.square({ x: 0, y: 0, width, height }, { ...input, into: made.inputView(input.name) });
    photo.close();
    return made.run({ [input.name]: pixels });
  };
  return { network, bound, run };
}

/** A detector of the catalogue at its own input size: RGBA in, faces out. */
export async function openDetector(name, weights) {
  const { network, bound, run } = await openNetwork(name, weights);
  const decode = network.decoder(bound);
  return (image) => decode(run(image), { width: image.width, height: image.height });
}
