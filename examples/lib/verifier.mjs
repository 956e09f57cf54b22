import {
  auc,
  calibrate,
  equalErrorRate,
  euclidean,
  fitProbability,
  labelledPairs,
  proportionInterval,
  reliability,
  roc,
  rocIntervals,
  tarAtFar,
  trainVerificationHead,
} from 'facsimile/metric';
import { distanceHistogram, lineChart, reliabilityPlot, rocPlot } from 'facsimile/report';

const percent = (share) => `${(share * 100).toFixed(2)} %`;
const range = ({ low, high }) => `${(low * 100).toFixed(2)} … ${percent(high)}`;

/** Pairs with their distances, or with those of another measure. */
const scored = (pairs, distance = euclidean) => pairs.map(({ a, b, same }) => ({ distance: distance(a, b), same }));

/** How often a threshold accepts pairs of one person, and of two, with intervals. */
function ratesAt(pairs, threshold) {
  const rate = (same) => {
    const kind = pairs.filter((pair) => pair.same === same);
    const accepted = kind.filter(({ distance }) => distance <= threshold).length;
    return { rate: accepted / kind.length, interval: proportionInterval(accepted, kind.length) };
  };
  return { tar: rate(true), far: rate(false) };
}

/** Step 1: the threshold, chosen on some pairs, held to on others. */
export function calibrated({ chosen, tested, far }) {
  const [fit, test] = [scored(chosen), scored(tested)];
  const { threshold, thresholdInterval, ...own } = calibrate(fit, { far });
  const held = ratesAt(test, threshold);
  const intervals = rocIntervals(test, { far });
  const distances = (same) => test.filter((pair) => pair.same === same).map(({ distance }) => distance);
  const mark = { ...tarAtFar(test, far), name: `true accepts at ${percent(far)}`, interval: intervals.tarAtFar };
  return {
    title: 'A threshold for a false accept rate',
    figures: {
      threshold,
      thresholdInterval,
      chosenOn: { far: own.far, tar: own.tar },
      held,
      auc: auc(test),
      intervals,
    },
    lines: [
      `threshold ${threshold.toFixed(4)}, 95 % interval ${thresholdInterval.low.toFixed(3)} … ${thresholdInterval.high.toFixed(3)}`,
      `where it was chosen: false accepts ${percent(own.far.rate)}, true accepts ${percent(own.tar.rate)}`,
      `on the other pairs: false accepts ${percent(held.far.rate)} (${range(held.far.interval)}), true accepts ${percent(held.tar.rate)} (${range(held.tar.interval)})`,
      `area under the ROC ${auc(test).toFixed(5)} (${intervals.auc.low.toFixed(5)} … ${intervals.auc.high.toFixed(5)}), equal error rate ${percent(equalErrorRate(test))} (${range(intervals.eer)})`,
    ],
    drawings: {
      roc: rocPlot(roc(test), [mark]),
      distances: distanceHistogram(distances(true), distances(false), threshold, { interval: thresholdInterval }),
    },
  };
}

/** The share of galleries of K of `others` people in which one of `near` too near ones is: 1 − C(others − near, K) / C(others, K). */
function chanceOfNear(others, near, k) {
  let none = 1;
  for (let i = 0; i < k && none > 0; i++) none *= Math.max(0, others - near - i) / (others - i);
  return 1 - none;
}

/** Step 2: strangers against galleries, as predicted from pairs and as it is, the mean over all galleries of these people. */
export function galleries({ chosen, far }, photos) {
  const { threshold } = calibrate(scored(chosen), { far });
  const people = [...new Map(photos.map(({ name, embedding }) => [name, embedding])).values()];
  const near = people.map(
    (one) => people.filter((other) => other !== one && euclidean(one, other) <= threshold).length,
  );
  const sizes = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].filter((k) => k < people.length);
  const measured = sizes.map(
    (k) => near.reduce((sum, m) => sum + chanceOfNear(people.length - 1, m, k), 0) / people.length,
  );
  const { galleries: predicted } = calibrate(scored(chosen), { far, people: sizes });
  const line = (name, values) => ({ name, points: sizes.map((k, i) => [k, values[i]]) });
  return {
    title: 'What becomes of it in a gallery',
    figures: {
      galleries: sizes.map((k, i) => ({ people: k, predicted: predicted[i].falseAccept, measured: measured[i] })),
    },
    lines: sizes.map(
      (k, i) =>
        `${k} people: ${percent(measured[i])} of strangers are taken for somebody, predicted ${percent(predicted[i].falseAccept)} (${range(predicted[i].interval)})`,
    ),
    drawings: {
      gallery: lineChart(
        [
          {
            ...line(
              'predicted',
              predicted.map(({ falseAccept }) => falseAccept),
            ),
            band: predicted.map(({ interval }) => [interval.low, interval.high]),
          },
          line('measured', measured),
        ],
        { title: 'Strangers taken for somebody', x: 'people in the gallery', y: 'share of strangers' },
      ),
    },
  };
}

/** Step 3: probabilities fitted on some pairs, and what came true on others. */
export function probabilities({ chosen, tested }) {
  const [fit, test] = [scored(chosen), scored(tested)];
  const results = ['logistic', 'isotonic'].map((method) => {
    const probability = fitProbability(fit, { method });
    const said = test.map(({ distance }) => probability.at(distance));
    return {
      method,
      probability,
      ...reliability(
        said,
        test.map(({ same }) => same),
      ),
    };
  });
  const [logistic] = results;
  return {
    title: 'A probability',
    figures: {
      probability: results.map(({ method, brier, logLoss, calibrationError }) => ({
        method,
        brier,
        logLoss,
        calibrationError,
      })),
    },
    lines: [
      ...results.map(
        ({ method, brier, calibrationError }) =>
          `${method}: Brier score ${brier.toFixed(4)}, expected calibration error ${percent(calibrationError)} on the other pairs`,
      ),
      `at a distance of 0.5 it is ${percent(logistic.probability.at(0.5))} likely to be one person; where one pair in a hundred is, ${percent(logistic.probability.at(0.5, { prior: 0.01 }))}`,
    ],
    drawings: { reliability: reliabilityPlot(logistic.bins, 'Reliability of the logistic probability') },
  };
}

/**
 * Step 4: heads on the frozen embeddings, compared with the plain distance. A weight for each of 128 numbers asks for more
 * pairs than were labelled: all that the photos of the first file make.
 */
export function headTrained({ tested, far, photos }) {
  const labels = photos.map(({ name }) => name);
  const pairs = labelledPairs(labels, { different: 3 }).map(({ a, b, same }) => ({
    a: photos[a].embedding,
    b: photos[b].embedding,
    same,
  }));
  const rows = [{ name: 'distance', pairs: scored(tested) }];
  for (const feature of ['absolute', 'chi-square']) {
    const head = trainVerificationHead(pairs, { feature, weightDecay: 10, learningRate: 0.02, epochs: 100 });
    rows.push({ name: feature, pairs: scored(tested, (a, b) => head.distance(a, b)) });
  }
  const figures = rows.map(({ name, pairs }) => ({
    name,
    auc: auc(pairs),
    eer: equalErrorRate(pairs),
    tarAtFar: tarAtFar(pairs, far).tar,
  }));
  return {
    title: 'A head on the embeddings',
    figures: { heads: figures, headPairs: pairs.length },
    lines: [
      `trained on ${pairs.length} pairs, one in four of one person`,
      ...figures.map(
        ({ name, auc: area, eer, tarAtFar: tar }) =>
          `${name}: area ${area.toFixed(5)}, equal error rate ${percent(eer)}, true accepts at ${percent(far)} ${percent(tar)}`,
      ),
    ],
    drawings: { heads: rocPlot(rows.map(({ name, pairs }) => ({ name, points: roc(pairs) }))) },
  };
}
