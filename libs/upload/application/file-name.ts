const longest = 255;

/** The client's name for its file as data to show again: its last part, without control characters. Never a path. */
export function cleanFileName(given: string | undefined): string | null {
  // The characters that terminals, logs and headers take for commands, and the marks that turn text around.
  const clean = (given ?? '')
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '')
    .split(/[\\/]/)
    .at(-1)
    ?.trim();
  if (clean === undefined || clean === '' || clean === '.' || clean === '..') return null;
  return [...clean].slice(0, longest).join('');
}
