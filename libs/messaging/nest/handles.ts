import { EventPattern } from '@nestjs/microservices';

export interface Handled {
  /** The consumer group: by convention the service's name. */
  readonly group: string;
  readonly topic: string;
  /** One message type, or several that are handled alike. */
  readonly type: string | readonly string[];
}

/**
 * A controller's method that handles messages of a type, for a consumer group: it gets the message, and what it throws
 * goes back to the bus, which decides whether it is tried again.
 */
export function Handles({ group, topic, type }: Handled): MethodDecorator {
  const types = typeof type === 'string' ? [type] : [...type];
  return EventPattern(types.map((one) => `${group} ${topic} ${one}`));
}

/** The parts of a pattern again. */
export function readPattern(pattern: string): {
  readonly group: string;
  readonly topic: string;
  readonly type: string;
} {
  const [group = '', topic = '', type = ''] = pattern.split(' ');
  return { group, topic, type };
}
