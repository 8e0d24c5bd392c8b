/** Bus topics. The key of `events` is the stream, of all others the conversion id. */
export const topics = {
  /** Domain events as CloudEvents: the only topic meant for consumers outside mixdown. */
  events: 'mixdown.events',
  /** Results for conversion actors. */
  conversionInbox: 'mixdown.conversion.inbox',
  /** Offers of tasks, and stops. */
  encoderTasks: 'mixdown.encoder.tasks',
  /** Percentages; short retention, may be lost. */
  progress: 'mixdown.progress',
} as const;

export type Topic = (typeof topics)[keyof typeof topics];

/** Where what could not be read or handled goes, with the reason. */
export function deadLetterTopic(topic: string): string {
  return `${topic}.dead`;
}
