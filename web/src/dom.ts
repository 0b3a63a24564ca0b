// Tag, attributes and children in, an element out. Every string becomes a text node, so nothing from the server is read as HTML.

export type Child = Node | string | false | undefined;
type Attributes = Record<string, string | boolean | undefined>;

/** An element. An attribute that is false or undefined is left out; true stands without a value. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...present(children));
  return element;
}

/** A button that does something on this page. */
export function button(label: string, onClick: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const element = h('button', { type: 'button', ...attributes }, label);
  element.addEventListener('click', onClick);
  return element;
}

/** The children that are there. */
export function present(children: Child[]): (Node | string)[] {
  return children.filter((child): child is Node | string => child !== false && child !== undefined);
}

/** The element of index.html with this id. */
export function byId<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`index.html has no ${type.name} #${id}`);
  return element;
}

/** The address if it leads to a page of this server, else nothing: a hostile document must not place a link. */
export function ownAddress(url: string): string | undefined {
  try {
    const address = new URL(url, location.origin);
    const web = address.protocol === 'https:' || address.protocol === 'http:';
    return web && address.origin === location.origin ? address.href : undefined;
  } catch {
    return undefined;
  }
}

/** Moves keyboard and reader to an element, and it into view. */
export function moveTo(element: HTMLElement): void {
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: 'nearest' });
}
