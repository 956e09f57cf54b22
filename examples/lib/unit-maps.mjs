import { resample } from 'facsimile/image';
import {
  activationMaps,
  networkSubject,
  occlusionMap,
  Projector,
  projectionPicture,
  saliency,
} from 'facsimile/inspect';
import { heatMap, patchGrid } from 'facsimile/report';

/**
 * One picture as units of some layers see it, a row each: the picture; the unit's map over it; what drives its strongest cell
 * by deconvnet, guided backpropagation and saliency; and how much the activation falls where the picture is covered.
 */
export function unitMaps(network, picture, units, side) {
  const subject = networkSubject(network);
  const sample = { values: Float32Array.from(resample(picture, [side, side], 3)), shape: [1, side, side, 3] };
  const rows = units.flatMap(({ layer, unit }) => {
    const [map] = activationMaps(subject, sample, { layers: [layer] });
    const projector = new Projector(subject, { layer, shape: sample.shape });
    const lead = (rule) => projector.project([{ values: sample.values, unit }], rule)[0];
    const [deconvnet, guided, gradient] = ['deconvnet', 'guided', 'gradient'].map(lead);
    projector.close();
    const covered = occlusionMap(subject, sample, { layer, unit, position: guided.position, size: 24, stride: 12 });
    return [
      picture,
      heatMap(map.unit(unit), map.shape.slice(0, 2), { over: picture }),
      projectionPicture(deconvnet.values, sample.shape),
      projectionPicture(guided.values, sample.shape),
      heatMap(saliency(gradient.values, sample.shape), [side, side]),
      heatMap(
        covered.values.map((value) => covered.activation - value),
        covered.places.map(({ length }) => length),
        { over: picture },
      ),
    ];
  });
  return patchGrid(
    rows.map((one) => ({ picture: one })),
    { columns: 6, cell: side, gap: 4 },
  );
}
