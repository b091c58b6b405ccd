// The kinds of values, as numbers: in a slot, and in the low 8 bits of the first word of every value in a block. The other
// 24 bits of that word are a number that belongs to the kind: an integer, a length, a shape.

export const UNDEFINED = 0; // so that a slot of zeros is one
export const NULL = 1;
export const FALSE = 2;
export const TRUE = 3;
/** An integer of 24 bits, in the word itself. */
export const INT = 4;
/** An integer of 32 bits, in the next word. */
export const INT32 = 5;
/** Any other number, in the next two words; every number, in a slot. */
export const FLOAT = 6;
/** Text with a byte a character, and its length. */
export const LATIN1 = 7;
/** Text with two bytes a character, and its length. */
export const WIDE = 8;
/** A plain object, and its shape in the table that threads share; then its values. */
export const RECORD = 9;
/** A plain object, and its key list in this message; then its values. */
export const OBJECT = 10;
/** Before an object that has no prototype. */
export const BARE = 11;
/** An array, and its length; then its values. */
export const ARRAY = 12;
export const MAP = 13;
export const SET = 14;
export const BIGINT = 15;
export const DATE = 16;
export const REGEXP = 17;
/** An ArrayBuffer or a view, and which; then its length in bytes, and where in the block they are. */
export const BYTES = 18;
/** A view of shared memory, and which; then its offset, its length, and the memory. */
export const VIEW = 19;
/** An error, and its class. */
export const ERROR = 20;
/** An error that every thread has, and which. */
export const SINGLETON = 21;
/** Something shared, and its kind; then two words. */
export const HANDLE = 22;
/** Only in a slot: a block that holds a value of any kind. */
export const BLOCK = 23;
/** Only in a slot: the same as a part of a block that is somebody else's. */
export const PART = 24;

/** A length that does not fit the 24 bits has this there, and a word of its own. */
export const LONG = 0xff_ffff;
