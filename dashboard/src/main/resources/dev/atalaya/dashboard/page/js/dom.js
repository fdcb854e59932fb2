/**
 * Makes an element. Text and nodes become its children; there is no way from a string to markup.
 *
 * @param {string} tag its name; "svg:path" for one of SVG
 * @param {Object} properties `class`, `on` ({event: listener}), `css` (custom properties, set
 *     through the CSSOM, which the content security policy allows), all else attributes; those that
 *     are null, undefined or false are left out
 * @param {...(Node|string|number|null|Array)} children
 */
export function el(tag, properties = {}, ...children) {
  const made = tag.startsWith("svg:")
    ? document.createElementNS("http://www.w3.org/2000/svg", tag.slice(4))
    : document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "on") {
      Object.entries(value).forEach(([event, listener]) => made.addEventListener(event, listener));
    } else if (name === "css") {
      Object.entries(value).forEach(([property, x]) => made.style.setProperty(property, x));
    } else if (value !== null && value !== undefined && value !== false) {
      made.setAttribute(name, value === true ? "" : value);
    }
  }
  made.append(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  );
  return made;
}

/** Writes only what has changed: the page is told of many events that leave most of it as it is. */
export function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** The same function, at most once per `millis`, and once more at the end if it was called. */
export function atMostEvery(millis, action) {
  let last = -Infinity;
  let timer = null;
  const run = () => {
    timer = null;
    last = performance.now();
    action();
  };
  const limited = () => {
    timer ??= setTimeout(run, Math.max(0, last + millis - performance.now()));
  };
  limited.cancel = () => {
    clearTimeout(timer);
    timer = null;
  };
  return limited;
}
