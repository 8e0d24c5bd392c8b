export const boundary = 'the-boundary';
export const formType = `multipart/form-data; boundary=${boundary}`;

/** A part of a form, with its headers. */
export function part(disposition: string, body: string, headers: readonly string[] = []): string {
  return [`--${boundary}`, `Content-Disposition: ${disposition}`, ...headers, '', body, ''].join('\r\n');
}

export function field(name: string, value: string): string {
  return part(`form-data; name="${name}"`, value);
}

export function file(body: string, fileName = 'a.mp4', name = 'file'): string {
  return part(`form-data; name="${name}"; filename="${fileName}"`, body, ['Content-Type: video/mp4']);
}

export function form(...parts: readonly string[]): string {
  return `${parts.join('')}--${boundary}--\r\n`;
}
