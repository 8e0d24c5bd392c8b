import { PresetOrSettings, resolveSettings, type Settings, unsupportedSettings } from '#contracts';
import { type Caller, demandScope, Problem, problemFromIssues } from '#http';

/**
 * What `convert` says: the name of a preset, or settings as JSON.
 * @throws Problem `missing-scope` | `invalid-settings` | `not-supported`
 */
export function readConvert(text: string | undefined, caller: Caller): Settings | null {
  if (text === undefined || text === '') return null;
  demandScope(caller, 'conversions:write');
  const parsed = PresetOrSettings.safeParse(text.trimStart().startsWith('{') ? parseJson(text) : text);
  if (!parsed.success) throw problemFromIssues('invalid-settings', parsed.error.issues, ['convert']);
  const settings = resolveSettings(parsed.data);
  const errors = unsupportedSettings(settings).map((name) => ({
    pointer: `/convert/${name}`,
    detail: 'this version cannot do it',
  }));
  if (errors.length > 0) throw new Problem('not-supported', undefined, { errors });
  return settings;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem('invalid-settings', 'convert is neither the name of a preset nor JSON.', {
      errors: [{ pointer: '/convert', detail: 'not JSON' }],
    });
  }
}
