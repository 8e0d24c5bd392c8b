import type { Finding, Looked } from '#maintenance';
import { ExitCode, Failure } from '../failure.ts';
import { interruption } from '../interruption.ts';
import { say, sayJson, tell } from '../print.ts';
import { maintain } from './stores.ts';

interface VerifyOptions {
  readonly json?: true;
  readonly quiet?: true;
}

/** Prints what is not as the log says it should be. Anything at all makes the command fail. */
export async function verify({ json, quiet }: VerifyOptions): Promise<void> {
  using interrupted = interruption();
  let found = 0;
  for await (const told of maintain('verify', interrupted.signal)) {
    if (json === true && told.type !== 'progress') sayJson(told);
    if (told.type === 'finding') {
      found += 1;
      if (json !== true) say(sentence(told.finding));
    }
    if (told.type === 'progress' && process.stderr.isTTY && quiet !== true) tell(`so far: ${summary(told.looked)}`);
    if (told.type === 'verified' && found === 0 && json !== true && quiet !== true) {
      say(`All is as the log says: ${summary(told.looked)}.`);
    }
  }
  interrupted.signal.throwIfAborted();
  if (found > 0) throw new Failure(`${found} thing(s) are not as the log says`, ExitCode.failed, 'damaged', true);
}

function sentence(finding: Finding): string {
  switch (finding.kind) {
    case 'event':
      return `event ${finding.revision} of ${finding.stream}: ${finding.detail}`;
    case 'history':
      return `the history of ${finding.stream}: ${finding.detail}`;
    case 'blob':
      return `blob ${finding.key} of ${finding.stream}: ${finding.detail}`;
    case 'read-model':
      return `${finding.collection}/${finding.id} of the read model ${finding.readModel}: ${finding.detail}`;
  }
}

function summary({ streams, events, blobs, bytes, documents }: Looked): string {
  const size = `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
  return `${events} events in ${streams} streams, ${blobs} blobs (${size}), ${documents} documents of read models`;
}
