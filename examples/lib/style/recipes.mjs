// What the gallery shows: sections of pictures, each with the options that it is painted with. Paintings are named by their
// files without the ending.

/** Left half white, right half black, or the other way round. */
const half = (white) => {
  const [width, height] = [64, 64];
  const data = new Uint8Array(width * height * 4).fill(255);
  for (let p = 0; p < width * height; p++)
    if (p % width < width / 2 !== (white === 'left')) data.fill(0, p * 4, p * 4 + 3);
  return { data, width, height };
};

const noContent = { contentWeight: 0, start: 'uniform', seed: 1 };
const noStyle = { styleWeight: 0, start: 'uniform', seed: 1 };

/** The styles of some layers together, from noise. */
const layersUpTo = (network, layers, size) =>
  layers.map((name, i) => ({
    file: `layers-${network}-${name}`,
    caption: i === 0 ? `${name}` : `up to ${name}`,
    network,
    content: 'starry_night',
    styles: ['starry_night'],
    options: { ...noContent, styleLayers: layers.slice(0, i + 1), size, levels: 1, steps: 80 },
  }));

const titles = {
  starry_night: 'The Starry Night',
  the_scream: 'The Scream',
  fst_wave: 'The Great Wave',
  shipwreck: 'Shipwreck',
};
const pair = (content, style) => ({
  file: `${content}-${style}`,
  caption: `${titles[content]} as ${titles[style]}`,
  content,
  styles: [style],
});

export const sections = [
  {
    title: 'Contents and styles',
    text: 'Each with the options that `stylize` has by itself, SqueezeNet.',
    pictures: [
      pair('shipwreck', 'starry_night'),
      pair('shipwreck', 'fst_wave'),
      pair('shipwreck', 'the_scream'),
      pair('fst_wave', 'starry_night'),
      pair('fst_wave', 'the_scream'),
      pair('the_scream', 'fst_wave'),
    ],
  },
  {
    title: 'What layers give as style',
    text: 'The Starry Night from noise and without content, by the first style layer of SqueezeNet, then by more and more of them. Shallow layers know colours and the direction of the brush, deeper ones strokes and whirls as large as what they see.',
    pictures: layersUpTo('squeezenet', ['conv1', 'fire2', 'fire4', 'fire5', 'fire7'], 144),
  },
  {
    title: 'The same of the face network',
    text: 'It was trained on faces alone and needs no download; its shallow layers see strokes as well as any.',
    pictures: layersUpTo('faces', ['conv32_down', 'conv32_3', 'conv64_2', 'conv128_1'], 176),
  },
  {
    title: 'What a content layer keeps',
    text: 'The shipwreck from noise, with one content layer of SqueezeNet and no style. fire2 keeps nearly every pixel, fire5 forms and edges but not their colours, fire9 hardly more than where something is: the deeper, the more room for a style.',
    pictures: ['fire2', 'fire5', 'fire9'].map((name) => ({
      file: `content-${name}`,
      caption: name,
      content: 'shipwreck',
      styles: ['starry_night'],
      options: { ...noStyle, contentLayers: [name], size: 192, levels: 1, steps: 80 },
    })),
  },
  {
    title: 'Networks',
    text: 'The shipwreck as The Starry Night once more, by the face network.',
    pictures: [
      {
        ...pair('shipwreck', 'starry_night'),
        file: 'network-faces',
        caption: 'faces',
        network: 'faces',
        options: { levels: 1, steps: 120 },
      },
    ],
  },
  {
    title: 'How much style, and how large',
    text: 'The wave as The Scream.',
    pictures: [
      { file: 'weight-10', caption: '`styleWeight: 10`', options: { styleWeight: 10 } },
      { file: 'weight-1000', caption: '`styleWeight: 1000`', options: { styleWeight: 1000 } },
      { file: 'scale-half', caption: '`styleScale: 0.5`', options: { styleScale: 0.5 } },
    ].map((one) => ({ ...one, content: 'fst_wave', styles: ['the_scream'] })),
  },
  {
    title: 'Colours, several styles, masks',
    text: 'The shipwreck in its own colours; in two styles at once; with a style on either side.',
    pictures: [
      {
        file: 'colours',
        caption: "`preserveColors: 'luminance'`",
        styles: ['starry_night'],
        options: { preserveColors: 'luminance' },
      },
      { file: 'blended', caption: 'two styles, weights 1 and 1', styles: ['starry_night', 'the_scream'] },
      {
        file: 'masked',
        caption: 'a mask for each style',
        styles: ['starry_night', 'the_scream'],
        masks: [half('left'), half('right')],
      },
    ].map((one) => ({ ...one, content: 'shipwreck' })),
  },
];
