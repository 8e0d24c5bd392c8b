import contentDispositionHeader from 'content-disposition';
import parse from 'range-parser';

/** A strong entity tag: the same hash, the same bytes. */
export function etagOf(sha256: string): string {
  return `"${sha256}"`;
}

/** RFC 6266: the name in ASCII for old clients and in UTF-8 for all others. */
export function contentDisposition(fileName: string): string {
  return contentDispositionHeader.create(fileName);
}

/**
 * RFC 9110, 14.2. More than one range, another unit, or nonsense is answered with the whole, which a server may do.
 * @param size bytes of the whole
 */
export function parseRange(header: string, size: number): 'whole' | 'unsatisfiable' | { from: number; to: number } {
  // RFC 9110, 14.1.2: of something shorter than the suffix all is meant. The parser would find nothing there.
  const suffix = /^bytes=-(\d+)$/.exec(header)?.[1];
  if (size > 0 && Number(suffix ?? 0) >= size) return { from: 0, to: size };
  const ranges = parse(size, header);
  if (ranges === -1) return 'unsatisfiable';
  if (ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return 'whole';
  const [range] = ranges;
  return range === undefined ? 'whole' : { from: range.start, to: range.end + 1 };
}
