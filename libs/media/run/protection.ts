/** What the machine offers to keep a decoder in a box: absolute paths, or null where it is missing or does not work. */
export interface Protection {
  readonly bubblewrap: string | null;
  readonly prlimit: string | null;
}
