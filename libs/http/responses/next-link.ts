/**
 * RFC 8288: where the next page is, for `Link`.
 * @param address path and query of the request
 */
export function nextLink(address: string, cursor: string): string {
  const url = new URL(address, 'http://here.invalid');
  url.searchParams.set('cursor', cursor);
  return `<${url.pathname}${url.search}>; rel="next"`;
}
