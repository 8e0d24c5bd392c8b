import { expect, it } from 'vitest';
import { serviceOf } from './routes.ts';

it.each([
  ['/v1/uploads', 'upload'],
  ['/v1/uploads/1', 'upload'],
  ['/upload', 'upload'],
  ['/v1/uploadsandmore', undefined],
  ['/v1/conversions/1/events', 'conversion'],
  ['/login', 'auth'],
  ['/v1', undefined],
  ['/health/live', undefined],
  ['/constructor', undefined],
])('%s belongs to %s', (path, service) => expect(serviceOf(path)).toBe(service));
