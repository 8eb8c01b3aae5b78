/** The id under which every error and every key of this venue runs. */
export const venueId = 'ascendex';
