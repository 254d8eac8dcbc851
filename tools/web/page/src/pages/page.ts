/** What the shell and a page know of each other. */
import type { Film } from '../source/film';
import type { Source, View } from '../source/source';
import type { Route } from '../shell/router';

export interface Context {
  source: Source;
  /** The course of the battle so far, kept fresh. */
  film: Film;
  /** As it is now. */
  readonly route: Route;
  /** Opens another address of this battle. */
  go(route: Route): void;
  /** A link to an input: opens the panel that says why. The text is shown as it is. */
  inputLink(input: number, text: string): HTMLAnchorElement;
  /** Asks for a draw in the next animation frame. */
  wake(): void;
}

export interface Page {
  /** In an animation frame, after something changed. Reads the layout never, or before it writes. */
  draw(view: View): void;
  /** The address changed and this page stays. */
  route?(route: Route): void;
  /** True: the key is used up. */
  key?(event: KeyboardEvent): boolean;
  close(): void;
}

export type Mount = (element: HTMLElement, context: Context) => Page;
