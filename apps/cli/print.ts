/** Control characters, and the marks that turn text around, as escapes: a file name is no command to a terminal. */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
}

/** A line on standard output. */
export function say(line: string): void {
  process.stdout.write(`${visible(line)}\n`);
}

/** One JSON document, on a line of its own. */
export function sayJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** A line for the person at the terminal, not for whoever reads the output. */
export function tell(line: string): void {
  process.stderr.write(`${line.split('\n').map(visible).join('\n')}\n`);
}

/** Columns side by side, as wide as their content. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const shown = rows.map((row) => row.map(visible));
  const widths = (shown[0] ?? []).map((_, column) => Math.max(...shown.map((row) => row[column]?.length ?? 0)));
  return shown.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
