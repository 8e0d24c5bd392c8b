import type { BlobRef, ConversionCommand } from '#contracts';
import { type ConversionState, isUnfinished } from './state.ts';

/** What a report brings that nobody will ever ask for, because it came after the conversion's end. Pure. */
export function unneededBlobs(report: ConversionCommand, state: ConversionState): readonly BlobRef[] {
  if (state.status === 'absent' || isUnfinished(state)) return [];
  const needed = state.status === 'completed' ? state.output.blob.key : null;
  return blobsIn(report).filter(({ key }) => key !== needed);
}

function blobsIn(command: ConversionCommand): readonly BlobRef[] {
  switch (command.type) {
    case 'RecordInspected':
      return [command.data.audio];
    case 'RecordSegment':
      return [command.data.blob];
    case 'RecordOutput':
      return [command.data.output.blob];
    case 'RequestConversion':
    case 'CancelConversion':
    case 'DeleteConversion':
    case 'ExpireConversion':
    case 'RecordTaskStarted':
    case 'RecordTaskFailed':
      return [];
  }
}
