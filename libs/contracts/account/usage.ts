/** An upload that is stored: what it counts against its user's quota. */
export type StoredUpload = { readonly userId: string; readonly bytes: number };

/** The collection of these, by upload id: folded by the upload service from its events. */
export const storedUploads: {
  readonly name: string;
  readonly kind: 'read-model';
  readonly indexes: { readonly byUser: { readonly fields: readonly ['userId'] } };
  readonly __document?: StoredUpload;
} = { name: 'stored-uploads', kind: 'read-model', indexes: { byUser: { fields: ['userId'] } } };

/** A conversion that was accepted. It stays when the conversion is deleted, or deleting would make room for another. */
export type AcceptedConversion = {
  readonly userId: string;
  readonly acceptedAt: string;
  readonly isUnfinished: boolean;
};

/** The collection of these, by conversion id: folded by the conversion service from its events. */
export const acceptedConversions: {
  readonly name: string;
  readonly kind: 'read-model';
  readonly indexes: {
    readonly byTime: { readonly fields: readonly ['userId', 'acceptedAt'] };
    readonly byProgress: { readonly fields: readonly ['userId', 'isUnfinished'] };
  };
  readonly __document?: AcceptedConversion;
} = {
  name: 'accepted-conversions',
  kind: 'read-model',
  indexes: { byTime: { fields: ['userId', 'acceptedAt'] }, byProgress: { fields: ['userId', 'isUnfinished'] } },
};
