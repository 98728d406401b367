/**
 * The little of a browser's document that the page script uses. Declared here, so that the rest of the code base is
 * still compiled without a browser's globals.
 */
export interface PageElement {
  textContent: string | null
  className: string
  readonly dataset: Record<string, string | undefined>
  readonly style: Record<string, string>
  readonly parentElement: PageElement | null
  hidden: boolean
  open: boolean
  value: string
  readonly min: string
  readonly max: string
  width: number
  height: number
  getContext(kind: '2d'): never
  append(...nodes: (PageElement | string)[]): void
  replaceChildren(...nodes: (PageElement | string)[]): void
  setAttribute(name: string, value: string): void
  removeAttribute(name: string): void
  addEventListener(type: string, listener: () => void): void
  querySelector(selectors: string): PageElement | null
  querySelectorAll(selectors: string): Iterable<PageElement>
}

export interface PageDocument {
  getElementById(id: string): PageElement | null
  createElement(name: string): PageElement
  querySelector(selectors: string): PageElement | null
  querySelectorAll(selectors: string): Iterable<PageElement>
  readonly defaultView: {
    readonly innerWidth: number
    addEventListener(type: string, listener: () => void): void
  } | null
}
