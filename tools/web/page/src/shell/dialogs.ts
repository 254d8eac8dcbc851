/** The two dialogs: a key is wanted, and what the keys of the keyboard do. */
import { isKey, keepKey } from '../source/key';
import { h, say } from './dom';

function open(dialog: HTMLDialogElement): void {
  if (dialog.open) return;
  if (typeof dialog.showModal === 'function') dialog.showModal();
  else dialog.setAttribute('open', '');
}

function close(dialog: HTMLDialogElement): void {
  if (typeof dialog.close === 'function') dialog.close();
  else dialog.removeAttribute('open');
}

export class KeyDialog {
  readonly element: HTMLDialogElement;
  private readonly field: HTMLInputElement;
  private readonly trouble: HTMLElement;
  /** One was given and came back refused. */
  private given = false;

  constructor(accepted: () => void) {
    this.field = h('input', { type: 'password', name: 'key', autocomplete: 'off', spellcheck: 'false', required: true, id: 'key-field', placeholder: 'ryk_\u2026', 'aria-describedby': 'key-trouble' });
    this.trouble = h('p', { class: 'trouble', id: 'key-trouble', role: 'alert' });
    const form = h('form', {
      on: {
        submit: (event) => {
          event.preventDefault();
          const key = this.field.value.trim();
          if (!isKey(key)) {
            say(this.trouble, 'That is no key: one has the form ryk_\u2026, in one piece.');
            return;
          }
          this.given = true;
          keepKey(key);
          this.hide();
          accepted();
        },
      },
    },
    h('h2', { id: 'key-title' }, 'A key, please'),
    h('p', {}, 'This server lets readers in with a key. Whoever runs it makes one with ',
      h('code', {}, 'royale key create'), '. It stays in this tab and goes with it.'),
    h('label', { for: 'key-field' }, 'Key'), this.field, this.trouble,
    h('div', { class: 'buttons' }, h('button', { class: 'main', type: 'submit' }, 'Read the battle')));
    this.element = h('dialog', { class: 'key', 'aria-labelledby': 'key-title' }, form);
  }

  show(message: string | null): void {
    if (this.element.open) return;
    say(this.trouble, this.given ? (message ?? 'The server refused this key.') : '');
    this.field.value = '';
    open(this.element);
    this.field.focus();
  }

  hide(): void {
    if (this.element.open) close(this.element);
  }
}

const HELP: readonly (readonly [string, string])[] = [
  ['1 \u2026 4', 'battle, market, agent, box'],
  ['/', 'filter names; Esc drops the filter'],
  ['space', 'stop at this moment; then replay, and pause it'],
  ['\u2190 \u2192', 'a step back, a step on; with Shift ten of them'],
  ['Home, End', 'the beginning of trading; back to live'],
  ['m, arrows', 'on the market: the crosshair; n and N the next and last trade, Enter why, j all pages to that moment'],
  ['+ \u2212 [ ] 0', 'there: zoom time, zoom prices, the whole day; c candles, b trades'],
  ['t', 'colours: as the system, dark, light'],
  ['Esc', 'closes what is open; else back to live'],
  ['?', 'this help'],
];

const WORDS: readonly (readonly [string, string])[] = [
  ['this round', 'growth of its value since the round began: the last one goes out'],
  ['gain', 'of the whole battle: market + agents + rebates - fees - haircut'],
  ['drawdown', 'the largest fall of its equity from a peak so far'],
  ['ahead', 'lots in front of an order at its price, in the queue'],
  ['busy', 'time in which a process had work, of all'],
  ['behind', 'what a process still has to read'],
  ['lost', 'gaps, overruns, what had no room: not to be had again'],
  ['speed', 'seconds of market time in a second'],
];

function list(pairs: readonly (readonly [string, string])[], tag: 'kbd' | 'b'): HTMLElement {
  return h('dl', {}, ...pairs.flatMap(([name, text]) => [h('dt', {}, h(tag, {}, name)), h('dd', {}, text)]));
}

export class HelpDialog {
  readonly element: HTMLDialogElement;

  constructor() {
    this.element = h('dialog', { class: 'help', 'aria-labelledby': 'help-title' },
      h('h2', { id: 'help-title' }, 'Keys and words'), list(HELP, 'kbd'), list(WORDS, 'b'),
      h('p', {}, 'Whatever stands for an input, a fill, an order, a change of rank, an elimination, is a link: it says why. Nothing done here changes the battle.'),
      h('div', { class: 'buttons' }, h('button', { class: 'main', type: 'button', on: { click: () => this.toggle() } }, 'Close')));
  }

  toggle(): void {
    if (this.element.open) close(this.element);
    else open(this.element);
  }

  get open(): boolean {
    return this.element.open;
  }
}
