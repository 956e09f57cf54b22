export type { GalleryStore } from '../faces/store.ts';
export { fileStore } from './file.ts';
export { memoryStore } from './memory.ts';
