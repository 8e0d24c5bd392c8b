/**
 * How much shorter than declared media may be before it counts as cut: half a second or a hundredth. Containers round,
 * count priming and padding, and declare the end of the longest of their tracks.
 */
export function endsTooSoon(actualSeconds: number, declaredSeconds: number): boolean {
  return actualSeconds < declaredSeconds - Math.max(0.5, declaredSeconds / 100);
}

/** The same for containers that count each track's own samples: priming alone, at most 2,112 samples at 8 kHz, is let pass. */
export function trackEndsTooSoon(actualSeconds: number, declaredSeconds: number): boolean {
  return actualSeconds < declaredSeconds - Math.max(0.27, declaredSeconds / 1000);
}
