/** Elements. What a battle says comes in as text nodes alone; no markup is ever parsed. */

type Child = Node | string | null | false;
type Listeners = { [Name in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[Name]) => void };

export interface Attributes {
  class?: string;
  on?: Listeners;
  [name: string]: string | number | boolean | Listeners | undefined;
}

function dress(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false || name === 'on') continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const [name, listener] of Object.entries(attributes.on ?? {}))
    element.addEventListener(name, listener as EventListener);
}

export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag, attributes: Attributes = {}, ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  dress(element, attributes);
  for (const child of children) if (child !== null && child !== false) element.append(child);
  return element;
}

export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag, attributes: Attributes = {}, ...children: Node[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  dress(element, attributes);
  element.append(...children);
  return element;
}

/** Sets an element's text; one that has it already is left alone. */
export function say(element: Element, text: string): void {
  const first = element.firstChild;
  if (first instanceof Text && first.nextSibling === null) {
    if (first.data !== text) first.data = text;
  } else if (first !== null || text !== '') {
    element.textContent = text;
  }
}

export function mark(element: Element, name: string, value: string | null): void {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

export function show(element: HTMLElement, visible: boolean): void {
  if (element.hidden === visible) element.hidden = !visible;
}

/** The sign as a class: colours say it, beside the sign itself. */
export function tint(element: Element, sign: number): void {
  mark(element, 'data-sign', sign > 0 ? 'up' : sign < 0 ? 'down' : 'flat');
}

/** A list of elements kept by key: moved, made and taken away so that it is as `keys` says. */
export class Keyed<E extends HTMLElement> {
  readonly element: HTMLElement;
  private readonly make: (key: string) => E;
  private readonly held = new Map<string, E>();

  constructor(element: HTMLElement, make: (key: string) => E) {
    this.element = element;
    this.make = make;
  }

  get(key: string): E | undefined {
    return this.held.get(key);
  }

  /** True: an order or a member changed. */
  arrange(keys: readonly string[]): boolean {
    let changed = false;
    const wanted = new Set(keys);
    for (const [key, element] of this.held) {
      if (wanted.has(key)) continue;
      element.remove();
      this.held.delete(key);
      changed = true;
    }
    let before: Element | null = this.element.firstElementChild;
    for (const key of keys) {
      let element = this.held.get(key);
      if (!element) {
        element = this.make(key);
        this.held.set(key, element);
      }
      if (element === before) {
        before = before.nextElementSibling;
      } else {
        this.element.insertBefore(element, before);
        changed = true;
      }
    }
    return changed;
  }
}
