/** Networks whose weights are downloaded once. */
export type DownloadName = 'squeezenet' | 'vgg19';

/** Where the weights of a network come from, and what of them is kept. */
export interface Download {
  readonly name: DownloadName;
  readonly title: string;
  readonly url: string;
  /** Name of the file that is kept. */
  readonly file: string;
  /** Bytes that are downloaded, but for a header of some kilobytes. */
  readonly bytes: number;
  /** Numbers of its tensors together. */
  readonly parameters: number;
  /** SHA-256 of the file, where somebody published one or it was measured; else nothing is compared. */
  readonly sha256?: string;
  /** Which tensors of a safetensors file are kept. Default: the file is kept whole. */
  readonly keeps?: 'convolutions';
  readonly licence: string;
  readonly source: string;
}

/** What `facsimile models pull` knows. */
export const downloads: Readonly<Record<DownloadName, Download>> = {
  squeezenet: {
    name: 'squeezenet',
    title: 'SqueezeNet v1.0 on ImageNet, deep-compressed',
    url: 'https://raw.githubusercontent.com/songhan/SqueezeNet-Deep-Compression/master/compressed_SqueezeNet.net',
    file: 'compressed_SqueezeNet.net',
    bytes: 675_763,
    parameters: 1_248_424,
    sha256: 'e4ab6960ae8cd81505e1c2136921201507e930966c53deaf15862a395b3a3261',
    licence: 'BSD',
    source: 'https://github.com/songhan/SqueezeNet-Deep-Compression',
  },
  vgg19: {
    name: 'vgg19',
    title: 'VGG-19 on ImageNet, its convolutions',
    url: 'https://huggingface.co/timm/vgg19.tv_in1k/resolve/main/model.safetensors',
    file: 'vgg19.tv_in1k-convolutions.safetensors',
    bytes: 80_097_536,
    parameters: 20_024_384,
    keeps: 'convolutions',
    licence: 'BSD-3-Clause',
    source: 'https://huggingface.co/timm/vgg19.tv_in1k',
  },
};
