import { Problem } from '../problems/problem.ts';

/**
 * Counts how deep a JSON text is nested, before it is parsed, so that nothing ever recurses that deep.
 * @param text in UTF-8
 * @throws Problem `invalid-request`
 */
export function refuseDeeperThan(levels: number, text: Uint8Array): void {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (inString) {
      if (character === 0x5c) index += 1;
      else if (character === 0x22) inString = false;
    } else if (character === 0x22) inString = true;
    else if (character === 0x7b || character === 0x5b) depth += 1;
    else if (character === 0x7d || character === 0x5d) depth -= 1;
    if (depth > levels) throw new Problem('invalid-request', `The body is nested more than ${levels} levels deep.`);
  }
}
