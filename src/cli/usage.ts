// What the user of the command got wrong.

/** The command cannot be carried out as it was given: its message says why, and what would work. */
export class UsageError extends Error {}
