// The dialogs of a record's page, one chunk, fetched when one of them is near.
export { ConflictDialog } from './conflict-dialog.tsx';
export { DeleteDialog } from './delete-dialog.tsx';
export { UnsavedDialog } from './unsaved-dialog.tsx';
