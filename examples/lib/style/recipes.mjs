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
const noStyle = { styleWeight: 0, contentWeight: 1000, start: 'uniform', seed: 1 };

/** One layer's style, from noise. */
const layer = (network, name, text) => ({
  file: `layer-${network}-${name}`,
  caption: `${name}: ${text}`,
  network,
  content: 'starry_night',
  styles: ['starry_night'],
  options: { ...noContent, styleLayers: [name], size: network === 'faces' ? 160 : 144, levels: 1, steps: 50 },
});

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
    title: 'What each layer gives as style',
    text: 'The Starry Night from noise, with one style layer of SqueezeNet and no content. A shallow layer knows colours and the direction of the brush, a deeper one strokes and whirls as large as what it sees.',
    pictures: [
      layer('squeezenet', 'conv1', 'colours and grain'),
      layer('squeezenet', 'fire2', 'short strokes'),
      layer('squeezenet', 'fire4', 'strokes that run on'),
      layer('squeezenet', 'fire5', 'ribbons of strokes'),
      layer('squeezenet', 'fire7', 'pieces of the picture'),
    ],
  },
  {
    title: 'The same of the face network',
    text: 'It was trained on faces alone and needs no download; its shallow layers see strokes as well as any.',
    pictures: [
      layer('faces', 'conv32_down', 'colours and grain'),
      layer('faces', 'conv32_3', 'short strokes'),
      layer('faces', 'conv64_2', 'strokes that run on'),
      layer('faces', 'conv128_1', 'pieces of the picture'),
    ],
  },
  {
    title: 'What a content layer keeps',
    text: 'The shipwreck from noise, with one content layer of SqueezeNet and no style. A shallow layer keeps nearly every pixel; a deep one keeps what is where and forgets colours and lines, which leaves room for a style.',
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
      { file: 'weight-100', caption: '`styleWeight: 100`', options: { styleWeight: 100 } },
      { file: 'weight-10000', caption: '`styleWeight: 10000`', options: { styleWeight: 10000 } },
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
