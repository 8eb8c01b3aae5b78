/** Limits that every subject has to keep before it is measured. */
export const checkLimits = { windowMs: 500, all: 20, order: 10 } as const;
