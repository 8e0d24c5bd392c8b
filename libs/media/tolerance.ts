/**
 * How much shorter than declared media may be before it counts as cut: half a second or a hundredth. Containers round,
 * count priming and padding, and declare the longest of their tracks' last frames.
 */
export function endsTooSoon(actualSeconds: number, declaredSeconds: number): boolean {
  return actualSeconds < declaredSeconds - Math.max(0.5, declaredSeconds / 100);
}
