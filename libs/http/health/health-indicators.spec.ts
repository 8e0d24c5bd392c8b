import { expect, it } from 'vitest';
import { HealthIndicators } from './health-indicators.ts';

it('says of each part whether it answers, in time and without an error', async () => {
  const indicators = new HealthIndicators();
  indicators.register('good', async () => 'fine');
  indicators.register('rejecting', () => Promise.reject(new Error('secret host')));
  indicators.register('throwing', () => {
    throw new Error('secret host');
  });
  indicators.register('hanging', () => new Promise(() => undefined));
  expect(await indicators.ask(20)).toEqual({ good: 'up', rejecting: 'down', throwing: 'down', hanging: 'down' });
});
it('is ready with no parts', async () => expect(await new HealthIndicators().ask(20)).toEqual({}));
