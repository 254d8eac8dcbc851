/**
 * Names are any bytes: an author chooses an agent's. They are shown as text, never as markup, and what
 * is not to be seen (control characters, marks that turn the direction of writing) stands as U+FFFD.
 */
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Sentences with names in them. */
export function shownText(text: string): string {
  return text.replace(UNSEEN, '\ufffd');
}

export function shownName(name: string): string {
  const shown = shownText(name);
  return shown.trim() === '' ? `"${shown}"` : shown;
}
