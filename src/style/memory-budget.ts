/**
 * Bytes of filters in forms larger than the plain ones: none, they are made anew at each use. Winograd's of VGG-19 would be
 * 207 MB for each direction, more than a picture of 256² needs itself; making them costs some hundredths of an iteration.
 */
export const MEMORY_BUDGET = 0;
