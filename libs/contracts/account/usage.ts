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
