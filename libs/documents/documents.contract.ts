import { describe } from 'vitest';
import { pageContract } from './contract/page.contract.ts';
import { projectContract } from './contract/project.contract.ts';
import { scanContract } from './contract/scan.contract.ts';
import type { DocumentsUnderTest } from './contract/under-test.contract.ts';
import { writeContract } from './contract/write.contract.ts';

export type { DocumentsUnderTest, OpenedDocuments } from './contract/under-test.contract.ts';

/** What every store of documents must do, whatever it stores in. */
export function documentsContract(adapter: string, underTest: DocumentsUnderTest): void {
  describe(`${adapter} as documents`, () => {
    writeContract(underTest);
    projectContract(underTest);
    pageContract(underTest);
    scanContract(underTest);
  });
}
