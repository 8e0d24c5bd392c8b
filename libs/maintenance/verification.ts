/** Something that is not as the log says it should be, and where. */
export type Finding =
  | { readonly kind: 'event'; readonly stream: string; readonly revision: string; readonly detail: string }
  | { readonly kind: 'history'; readonly stream: string; readonly detail: string }
  | { readonly kind: 'blob'; readonly key: string; readonly stream: string; readonly detail: string }
  | {
      readonly kind: 'read-model';
      readonly readModel: string;
      readonly collection: string;
      readonly id: string;
      readonly detail: string;
    };

/** How far a verification has got, or what it looked at in all. */
export interface Looked {
  readonly streams: number;
  readonly events: number;
  readonly blobs: number;
  /** Of the blobs that were read and hashed. */
  readonly bytes: number;
  /** Documents of read models that were compared with what the log says. */
  readonly documents: number;
}

/** What a verification tells on its way: findings as they are found, now and then how far it is, and at last the whole. */
export type Verified =
  | { readonly type: 'finding'; readonly finding: Finding }
  | { readonly type: 'progress'; readonly looked: Looked }
  | { readonly type: 'verified'; readonly looked: Looked; readonly findings: number };
