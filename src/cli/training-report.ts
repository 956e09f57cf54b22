import type { Parameters } from '../graph/parameters.ts';
import { principalComponents } from '../metric/evaluation/principal-components.ts';
import { retrieval } from '../metric/evaluation/retrieval.ts';
import type { Dataset } from '../metric/training/dataset.ts';
import { ExampleEncoder } from '../metric/training/embed.ts';
import type { TrainingStep } from '../metric/training/trainer.ts';
import type { Encoder } from '../models/conv-encoder.ts';
import { embeddingMap } from '../report/embedding-map.ts';
import { grid, htmlReport, type Section, scrolling } from '../report/html.ts';
import { trainingCurves } from '../report/training-curves.ts';
import { percent } from './percent.ts';

/** More classes would be a cloud of one colour. */
const MOST_CLASSES = 24;

/** The held-out classes as the encoder sees them: their map, and how often the nearest is of one's own. */
function heldOut(encoder: Encoder, parameters: Parameters, held: Dataset): Section {
  const classes = held.classes.slice(0, MOST_CLASSES);
  const labels = classes.flatMap(({ name, examples }) => examples.map(() => name));
  const runner = new ExampleEncoder(encoder.graph, encoder.shape, { parameters, output: encoder.output });
  try {
    const rows = runner.embed(
      held,
      classes.flatMap(({ examples }) => examples),
    );
    const embeddings = labels.map((_, i) => rows.slice(i * runner.dimension, (i + 1) * runner.dimension));
    const { coordinates, shares } = principalComponents(embeddings);
    const { precisionAt1, mapAtR } = retrieval(embeddings, labels);
    return {
      title: 'Classes that it never saw',
      text: `${classes.length} classes of ${labels.length} pictures: the nearest other picture is of the same class for ${percent(precisionAt1, 1)} of them, MAP@R is ${percent(mapAtR, 1)}.`,
      content: scrolling(embeddingMap(coordinates, labels, { shares, title: 'First two principal components' })),
    };
  } finally {
    runner.close();
  }
}

/** What people look at after a training: how it went, and what the encoder makes of classes that were held out. */
export function trainingReport(
  steps: readonly TrainingStep[],
  encoder: Encoder,
  parameters: Parameters,
  held: Dataset | undefined,
  lead: string,
): string {
  return htmlReport({
    title: 'A trained encoder',
    lead,
    sections: [
      {
        title: 'How the training went',
        text: 'Single steps are faint, running means strong.',
        content: grid(trainingCurves(steps), 460),
      },
      ...(held ? [heldOut(encoder, parameters, held)] : []),
    ],
  });
}
