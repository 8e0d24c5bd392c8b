import { describe, expect, it } from 'vitest';
import { blob, conversionId, engine, happened, output, planOf, source } from '../domain/conversion.fixture.ts';
import { Proof, proofOf } from './proof.ts';

const { requested, started, inspected, segment, completed, cancelled } = happened;
const range = { first: 0, count: 3 };
const until = [requested, started, inspected(planOf(3))];
const all = [...until, segment(2, range), segment(0, range), segment(1, range)];

describe('a proof', () => {
  it('has every segment in its place, whatever came first, and each event', () => {
    const proof = proofOf(conversionId, [...all, completed]);
    expect(Proof.parse(proof)).toEqual(proof);
    expect(proof).toMatchObject({
      id: conversionId,
      source: { ...source, declaredSamples: 441_000, bytes: 100, sha256: blob(100).sha256 },
      plan: { segments: 3 },
      segments: [0, 1, 2].map((index) => ({
        ...{ index, engine, samples: 441_000 },
        ...{ bytes: 210 + index, sha256: blob(210 + index).sha256 },
      })),
      output: { sha256: output.blob.sha256, bytes: 300, samples: 441_000, encoderDelay: 576, encoderPadding: 1_000 },
    });
    expect(proof?.stream.map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
  it('says where a header was not recorded', () => {
    const { encoderDelay: _delay, encoderPadding: _padding, ...older } = output;
    expect(proofOf(conversionId, [...all, { ...completed, data: { output: older } }])).toMatchObject({
      output: { encoderDelay: null, encoderPadding: null },
    });
  });
  it('keeps to itself where the bytes are', () =>
    expect(JSON.stringify(proofOf(conversionId, [...all, completed]))).not.toContain('"key"'));
  it.each([
    ['is running', until],
    ['was cancelled', [...all, cancelled]],
  ])('is not there when the conversion %s', (_what, history) => expect(proofOf(conversionId, history)).toBeNull());
});
