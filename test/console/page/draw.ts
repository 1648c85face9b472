import { type ContainerNode, options, render, type VNode } from 'preact';

// Nothing is painted: effects run right after their render, and their ends right after the last one.
options.requestAnimationFrame = (callback) => queueMicrotask(callback);

/** What Preact needs of a node of a document, and what a test looks at. */
class DrawnNode {
  readonly childNodes: DrawnNode[] = [];
  readonly attributes = new Map<string, unknown>();
  readonly listeners = new Map<string, (event: unknown) => void>();
  readonly namespaceURI = 'http://www.w3.org/1999/xhtml';
  readonly style = {};
  value: unknown = undefined;
  parentNode: DrawnNode | null = null;
  data: string | undefined;
  readonly localName: string;
  constructor(localName: string, data?: string) {
    this.localName = localName;
    this.data = data;
  }
  get nodeType(): number {
    return this.data === undefined ? 1 : 3;
  }
  get ownerDocument() {
    return DOCUMENT;
  }
  get firstChild(): DrawnNode | null {
    return this.childNodes[0] ?? null;
  }
  get nextSibling(): DrawnNode | null {
    const beside = this.parentNode?.childNodes ?? [];
    return beside[beside.indexOf(this) + 1] ?? null;
  }
  /** This node and all below it. */
  below(): readonly DrawnNode[] {
    return [this, ...this.childNodes.flatMap((node) => node.below())];
  }
  /** Its text, with single spaces. */
  readonly text = (): string =>
    this.below()
      .map(({ data }) => data ?? '')
      .join('')
      .replaceAll(/\s+/g, ' ')
      .trim();
  insertBefore(node: DrawnNode, before: DrawnNode | null): void {
    node.remove();
    this.childNodes.splice(
      before === null ? this.childNodes.length : this.childNodes.indexOf(before),
      0,
      node,
    );
    node.parentNode = this;
  }
  remove(): void {
    const beside = this.parentNode?.childNodes ?? [];
    if (beside.includes(this)) beside.splice(beside.indexOf(this), 1);
    this.parentNode = null;
  }
  removeChild(node: DrawnNode): void {
    node.remove();
  }
  setAttribute(name: string, value: unknown): void {
    this.attributes.set(name, value);
  }
  removeAttribute(name: string): void {
    this.attributes.delete(name);
  }
  addEventListener(name: string, listen: (event: unknown) => void): void {
    this.listeners.set(name, listen);
  }
  /** What a person does to it. */
  fire(type: string): void {
    this.listeners.get(type)?.call(this, { type, currentTarget: this });
  }
  removeEventListener(name: string): void {
    this.listeners.delete(name);
  }
}

const DOCUMENT = {
  createElementNS: (_: string, name: string) => new DrawnNode(name),
  createElement: (name: string) => new DrawnNode(name),
  createTextNode: (text: string) => new DrawnNode('', text),
};

interface Drawn {
  /** All of its text, with single spaces. */
  readonly text: () => string;
  /** The elements of a name, in their order. */
  readonly all: (localName: string) => readonly DrawnNode[];
  /** Draws it again, as another frame does. */
  readonly again: (part: VNode) => void;
  readonly end: () => void;
}

/** Draws a part of the page without a browser. What it measures or focuses is not here. */
export const draw = (part: VNode): Drawn => {
  const root = new DrawnNode('body');
  // It is no node of a browser, and has what Preact asks of one.
  const again = (next: VNode | null): void => render(next, root as unknown as ContainerNode);
  again(part);
  return {
    text: () => root.text(),
    all: (localName) => root.below().filter((node) => node.localName === localName),
    again,
    end: () => again(null),
  };
};
