/** A password a person can read out over the telephone: no letters that look alike. 16 of 31 characters, about 79 bits. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'
const LENGTH = 16

export function makePassword(random: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array = (bytes) => crypto.getRandomValues(bytes)): string {
  let text = ''
  // A byte past the last whole multiple of the alphabet is thrown away, or its first letters would come more often.
  const limit = 256 - (256 % ALPHABET.length)
  while (text.length < LENGTH) {
    for (const byte of random(new Uint8Array(LENGTH))) {
      if (byte < limit && text.length < LENGTH) text += ALPHABET[byte % ALPHABET.length]
    }
  }
  return text
}
