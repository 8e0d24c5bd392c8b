export * from './crash-points.ts';
