export { type AnnotateOptions, annotate, type Mark } from './annotate.ts';
export { fitWithin, thumbnail } from './canvas.ts';
export { dataUrl } from './data-url.ts';
export { type EmbeddingMapOptions, embeddingMap } from './embedding-map.ts';
export { type HeatMapOptions, heatMap } from './heat-map.ts';
export { distanceHistogram, type HistogramOptions } from './histogram.ts';
export { figure, grid, htmlReport, type Report, type Section, scrolling, table, verdict } from './html.ts';
export {
  type InspectedLayer,
  type InspectedPatch,
  type InspectedPhoto,
  type InspectedUnit,
  type InspectionReport,
  inspectionReport,
  type Shares,
} from './inspection-report.ts';
export { type InspectionSheetOptions, inspectionSheet, type SheetLayer, type SheetUnit } from './inspection-sheet.ts';
export { type Line, type LineChartOptions, lineChart } from './line-chart.ts';
export { type LossPoint, lossPlot } from './loss-plot.ts';
export { Markup, markup, type Piece } from './markup.ts';
export { distanceMatrix, type MatrixEntry } from './matrix.ts';
export { montage } from './montage.ts';
export { beside, type GridPicture, type PatchGridOptions, patchGrid } from './patch-grid.ts';
export { pngOf } from './png.ts';
export { type ReliabilityPoint, reliabilityPlot } from './reliability-plot.ts';
export { type RocCurve, type RocMark, type RocPoint, rocPlot } from './roc-plot.ts';
export {
  type SpectrogramPlotOptions,
  spectrogramImage,
  spectrogramPlot,
  spectrogramStack,
} from './spectrogram-plot.ts';
export type { Tone } from './theme.ts';
export { type TrainingPoint, trainingCurves } from './training-curves.ts';
export { type WaveformOptions, waveform } from './waveform.ts';
