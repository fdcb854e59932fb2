/** The dashboard's own API. Addresses are relative, so that the page may lie behind a prefix. */

// Numbers of documents have up to 64 bits; those that a double cannot hold become BigInt.
const exactly = (key, value, context) =>
  typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source)
    ? BigInt(context.source)
    : value;

const LONG_NUMBER = /[:,[]\s*-?\d{16}/;

/** An answer that is none: `status` is HTTP's, 0 when the server was not reached. */
export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** @returns {Promise<Object>} rejected by an {@link ApiError}, or when `signal` ends it */
async function get(path, parameters = {}, signal = undefined) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== "") {
      query.set(name, value);
    }
  }
  let response;
  let text;
  try {
    response = await fetch(`api/v1/${path}${query.size ? `?${query}` : ""}`, { signal });
    text = await response.text();
  } catch (e) {
    throw e.name === "AbortError" ? e : new ApiError(0, e.message);
  }
  if (!response.ok) {
    throw new ApiError(response.status, text);
  }
  return parse(text);
}

/** JSON with every whole number as it is written. */
export const parse = (text) => (LONG_NUMBER.test(text) ? JSON.parse(text, exactly) : JSON.parse(text));

const part = encodeURIComponent;

export const status = () => get("status");
export const detectors = () => get("detectors");
export const windows = (detector, range) => get("windows", { detector, ...range });
export const window = (detector, epoch, signal) => get(`windows/${part(detector)}/${epoch}`, {}, signal);
export const alerts = (query, signal) => get("alerts", query, signal);
export const alert = (id, signal) => get(`alerts/${part(id)}`, {}, signal);
export const timeline = (detector, range, signal) => get("timeline", { detector, ...range }, signal);
export const deadLetters = (signal) => get("dead-letters", {}, signal);
