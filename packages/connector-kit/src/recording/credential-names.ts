/** Names without case and separators. What is too much here only leaves a frame out; what is too little gives a secret away. */
const credential = new RegExp(
  [
    '^keys?$',
    '(?:api|access|auth|public|pub|private|secret|listen|session|signing)key',
    '^sig$|signature|^sign(?:ed|ing)?$',
    'secret|token|jwt|^otp$',
    'passw|passphrase|^pass$|^pwd$',
    'credential|cookie|authorization|^x?auth',
  ].join('|'),
);
/** No name that is looked for is without one of these, unless it is written with escapes. */
const suspicious = /key|sig|secret|token|jwt|otp|pass|pwd|cred|cookie|auth|\\/i;

/** True for the name of a field, a header or a parameter that may hold a secret, or what was made with one. */
export function isCredentialName(name: string): boolean {
  return credential.test(name.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase());
}

/**
 * True if any field of a JSON text, at any depth, is named like a credential. It reads the text and not what `JSON.parse` makes of
 * it, which keeps only the last of two fields with one name.
 */
export function hasCredentials(json: string): boolean {
  if (!suspicious.test(json)) return false;
  for (let open = json.indexOf('"'); open >= 0; ) {
    const close = closingQuote(json, open);
    if (isFieldName(json, close) && isCredentialName(unquoted(json.slice(open, close + 1)))) return true;
    open = json.indexOf('"', close + 1);
  }
  return false;
}

function closingQuote(json: string, open: number): number {
  let close = json.indexOf('"', open + 1);
  while (close >= 0 && isEscaped(json, close)) close = json.indexOf('"', close + 1);
  return close < 0 ? json.length : close;
}

function isEscaped(json: string, at: number): boolean {
  let start = at;
  while (json.charAt(start - 1) === '\\') start -= 1;
  return (at - start) % 2 === 1;
}

function isFieldName(json: string, close: number): boolean {
  let at = close + 1;
  while (at < json.length && ' \t\r\n'.includes(json.charAt(at))) at += 1;
  return json.charAt(at) === ':';
}

function unquoted(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}

/** A word that asks to be let in, alone or as the last part of a longer one. */
const loginWord = /(?:^|[./:_-])(?:auth(?:enticate|entication|orize)?|log-?(?:in|on)|sign-?in)$/i;

/** True for a message that asks the venue to be let in, whatever it calls that. */
export function isLogin(message: object): boolean {
  return Object.values(message).some((value) => typeof value === 'string' && loginWord.test(value));
}
