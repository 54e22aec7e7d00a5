// The few parts of the DOM that the grid needs, for tests without a browser.

/** An element that records its properties. */
export class FakeElement {
  readonly tag: string;
  readonly attributes = new Map<string, string>();
  readonly children: FakeElement[] = [];
  readonly style: FakeStyle = new FakeStyle();
  readonly classList = {
    add: (name: string): void => this.#setClasses([...this.#classes(), name]),
    toggle: (name: string, isOn: boolean): void =>
      this.#setClasses([...this.#classes().filter((other) => other !== name), ...(isOn ? [name] : [])]),
  };
  textContent = "";
  scrollTop = 0;
  clientHeight = 220;

  constructor(tag: string) {
    this.tag = tag;
  }

  get className(): string {
    return this.attributes.get("class") ?? "";
  }
  set className(names: string) {
    this.attributes.set("class", names);
  }

  setAttribute(name: string, value: string): void {
    this.attributes.set(name, value);
  }
  removeAttribute(name: string): void {
    this.attributes.delete(name);
  }
  append(...children: readonly FakeElement[]): void {
    this.children.push(...children);
  }
  addEventListener(): void {}

  #classes(): readonly string[] {
    return this.className.split(" ").filter((name) => name !== "");
  }
  #setClasses(names: readonly string[]): void {
    this.className = names.join(" ");
  }
}

/** Inline styles and custom properties. */
export class FakeStyle {
  readonly properties = new Map<string, string>();

  setProperty(name: string, value: string): void {
    this.properties.set(name, value);
  }
}

/** Replaces the browser's globals with the fake for this process. */
export function useFakeDocument(): void {
  Object.assign(globalThis, {
    document: { createElement: (tag: string) => new FakeElement(tag) },
    ResizeObserver: class {
      observe(): void {}
    },
  });
}

/** The elements below an element with the given role, in document order. */
export function byRole(root: FakeElement, role: string): readonly FakeElement[] {
  return root.children.flatMap((child) => [
    ...(child.attributes.get("role") === role ? [child] : []),
    ...byRole(child, role),
  ]);
}

/** The text of an element and everything below it. */
export function textOf(root: FakeElement): string {
  return root.textContent + root.children.map(textOf).join("");
}
