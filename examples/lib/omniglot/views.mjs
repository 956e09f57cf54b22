import { ExampleEncoder, turnedClasses } from 'facsimile/metric';

/**
 * Descriptors of drawings: for each of eight turns, the mean of the embeddings of some slightly changed copies, brought back to
 * length 1; all turns behind one another. The encoder learned each turn as a letter of its own, so they are eight opinions,
 * and the mean over small changes is less sure of what one of them shows by chance.
 */
export function describe({ encoder, parameters }, drawings, { views, seed }, engine) {
  const turned = turnedClasses(drawings, { mirrored: true });
  const { graph, shape, output } = encoder;
  const network = new ExampleEncoder(graph, shape, { parameters, output, rows: 128, engine });
  const { dimension } = network;
  const turns = Array.from({ length: 8 }, (_, turn) => {
    const examples = Array.from({ length: drawings.size }, (_, i) => turn * drawings.size + i);
    const sums = new Float64Array(drawings.size * dimension);
    for (let copy = 0; copy < views.copies; copy++) {
      // The first copy is the drawing as it is.
      const change = copy === 0 ? undefined : views.augment;
      const rows = network.embed(turned, examples, change, [seed, turn, copy]);
      for (let i = 0; i < rows.length; i++) sums[i] += rows[i];
    }
    return sums;
  });
  network.close();
  return Array.from({ length: drawings.size }, (_, i) =>
    Float32Array.from(turns.flatMap((sums) => unit(sums.subarray(i * dimension, (i + 1) * dimension)))),
  );
}

function unit(vector) {
  let squares = 0;
  for (const value of vector) squares += value * value;
  return Array.from(vector, (value) => value / Math.sqrt(squares));
}
