// A key in, the Swedish words out. The words stand in strings/sv.json.
import strings from '../strings/sv.json';

export type StringKey = keyof typeof strings;

/** The words for a key, with {placeholders} filled in. */
export function t(key: StringKey, values: Record<string, string | number> = {}): string {
  return strings[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The words for a key that the server chose part of, such as a kind; the fallback where the word is not known here. */
export function tOr(key: string, fallback: StringKey): string {
  return key in strings ? strings[key as StringKey] : strings[fallback];
}
