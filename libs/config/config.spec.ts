import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InvalidConfig, loadConfig } from './config.ts';
import { renderConfigTable } from './render-table.ts';

describe('the configuration', () => {
  it('needs nothing', () => {
    expect(loadConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 8080,
      maxUploadBytes: 4 * 1024 ** 3,
      jwtSecret: undefined,
    });
  });
  it('takes an empty variable for one that is not there', () => expect(loadConfig({ PORT: '' }).port).toBe(8080));
  it('knows units', () => expect(loadConfig({ MAX_UPLOAD_BYTES: '1.5 MiB' }).maxUploadBytes).toBe(1_572_864));
  it.each([
    ['HOST', 'http://127.0.0.1:8080'],
    ['PORT', '80a'],
    ['PORT', '70000'],
    ['MAX_UPLOAD_BYTES', 'lots'],
    ['REGISTRATION', 'maybe'],
    ['LOG_LEVEL', 'loud'],
    ['CRASH_AT', 'somewhere'],
    ['MAX_UPLOAD_BYTES', '0'],
    ['MAX_UPLOAD_BYTES', '9000 TiB'],
    ['TRUST_PROXY', 'all'],
    ['TRUST_PROXY', '10.0.0.0/40'],
    ['CORS_ORIGINS', 'https://example.org/path'],
    ['CORS_ORIGINS', 'example.org'],
    ['PUBLIC_URL', 'ftp://example.org'],
    ['PLATFORM', 'cluster'],
  ])('refuses %s=%s in a sentence that names both', (name, value) => {
    const load = () => loadConfig({ [name]: value });
    expect(load).toThrow(InvalidConfig);
    expect(load).toThrow(name);
    expect(load).toThrow(value);
  });
  it('says what a variable may be', () => {
    expect(() => loadConfig({ PORT: '70000' })).toThrow('a whole number from 0 to 65535');
    expect(() => loadConfig({ REGISTRATION: 'maybe' })).toThrow(/"open"\|"closed"/);
    expect(() => loadConfig({ TRUST_PROXY: '10.0.0.0/40' })).toThrow('an IP address or a range');
  });
  it.each([
    ['false', false],
    ['true', 1],
    ['2', 2],
    ['10.0.0.0/8, fd00::1', ['10.0.0.0/8', 'fd00::1']],
  ])('trusts proxies: %s', (value, means) => expect(loadConfig({ TRUST_PROXY: value }).trustProxy).toEqual(means));
  it('takes origins and a public URL', () => {
    const { corsOrigins, publicUrl } = loadConfig({
      CORS_ORIGINS: 'https://a.example, http://localhost:3000',
      PUBLIC_URL: 'https://mixdown.example/',
    });
    expect(corsOrigins).toEqual(['https://a.example', 'http://localhost:3000']);
    expect(publicUrl).toBe('https://mixdown.example');
  });
  it('cannot be changed', () => {
    const config = loadConfig({});
    expect(() => Object.assign(config, { port: 1 })).toThrow(TypeError);
  });
  it('names everything that is wrong, and shows no secret', () => {
    expect(() => loadConfig({ PORT: 'x', JWT_SECRET: 'short-secret' })).toThrow(/PORT.*\n.*JWT_SECRET/);
    expect(() => loadConfig({ JWT_SECRET: 'short-secret' })).not.toThrow(/short-secret/);
  });
});

it('is the table of the README', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const table = /<!-- config:begin -->\n([\s\S]*)\n<!-- config:end -->/.exec(readme)?.[1];
  expect(table, 'run npm run docs:config').toBe(renderConfigTable());
});
