/** There is no room for what should be stored. Nothing of it was; it works again when there is room. */
export class StorageFull extends Error {
  readonly code = 'storage-full';
  constructor(options?: ErrorOptions) {
    super('the storage is full', options);
    this.name = 'StorageFull';
  }
}
