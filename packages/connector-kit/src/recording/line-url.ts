import { isCredentialName } from './credential-names.ts';

/** A url as a line may have it: without a user, a password, a fragment, and parameters that are named like credentials. */
export function toLineUrl(text: string): string {
  if (!URL.canParse(text)) return 'unknown://url';
  const url = new URL(text);
  url.username = '';
  url.password = '';
  url.hash = '';
  for (const name of [...url.searchParams.keys()]) {
    if (isCredentialName(name)) url.searchParams.delete(name);
  }
  return url.href;
}
