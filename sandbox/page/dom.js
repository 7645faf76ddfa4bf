// SPDX-License-Identifier: MIT
// Elements made by hand. Everything that came from outside enters the page here as text or as an attribute value,
// never as markup: there is no innerHTML in this page, and its Content-Security-Policy would not run what it brought.

const SVG = "http://www.w3.org/2000/svg";
const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "selected", "open", "multiple", "indeterminate"]);
const REFUSED = new Set(["innerHTML", "outerHTML", "style", "srcdoc"]);

// h("button", {class: "x", onclick: f, testid: "send"}, "text", node, [nodes]): an element. Null, false and
// undefined children and attributes are left out.
export function h(tag, props, ...children) {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(props ?? {}))
		setProp(element, name, value);
	append(element, children);
	return element;
}

function setProp(element, name, value) {
	if (REFUSED.has(name))
		throw new Error(`h: ${name} is refused`);
	if (PROPERTIES.has(name))
		element[name] = value ?? (name === "value" ? "" : false);
	else if (value === null || value === undefined || value === false)
		return;
	else if (name === "testid")
		element.dataset.testid = value;
	else if (name === "data")
		Object.assign(element.dataset, value);
	else if (name.startsWith("on"))
		element.addEventListener(name.slice(2), value);
	else
		element.setAttribute(name, value === true ? "" : String(value));
}

function append(element, children) {
	for (const child of children.flat(Infinity)) {
		if (child === null || child === undefined || child === false)
			continue;
		element.append(child instanceof Node ? child : String(child));
	}
}

export function svg(tag, attributes, ...children) {
	const element = document.createElementNS(SVG, tag);
	for (const [name, value] of Object.entries(attributes ?? {}))
		element.setAttribute(name, value);
	element.append(...children);
	return element;
}

export const byId = (id) => document.getElementById(id);

export function replace(parent, ...children) {
	parent.replaceChildren();
	append(parent, children);
	return parent;
}

// A part of the page is drawn again while somebody may stand in it: keeps the focus, and the selection in a text,
// on the element with the same data-key (or data-testid) as before.
export function redraw(parent, draw) {
	const held = parent.contains(document.activeElement) ? document.activeElement : null;
	const path = held && focusPath(held, parent);
	const range = held && "selectionStart" in held ? [held.selectionStart, held.selectionEnd] : null;
	draw();
	if (!path || document.activeElement === held)
		return;
	const again = [...parent.querySelectorAll(path.selector)][path.index];
	again?.focus({ preventScroll: true });
	// A message's buttons are there only while the focus is in it.
	if (again && document.activeElement !== again) {
		again.closest("article")?.focus({ preventScroll: true });
		again.focus({ preventScroll: true });
	}
	if (again && range && range[0] !== null)
		again.setSelectionRange?.(range[0], range[1]);
}

function focusPath(element, parent) {
	const { key, testid } = element.dataset;
	const selector = key ? `[data-key="${CSS.escape(key)}"]` : testid ? `[data-testid="${CSS.escape(testid)}"]` : null;
	return selector && { selector, index: [...parent.querySelectorAll(selector)].indexOf(element) };
}

export function isAtBottom(element) {
	return element.scrollHeight - element.scrollTop - element.clientHeight < 40;
}
