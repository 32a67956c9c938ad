// What leaves the page: JSON posts that a retry cannot double, and the page's own HTML fetched again.

const keys = new Map();

// The same body posted again after a lost answer carries the same delivery key; an answer ends the attempt.
export async function post(path, body) {
  const attempt = JSON.stringify([path, body]);
  if (!keys.has(attempt)) keys.set(attempt, crypto.randomUUID());
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...body, key: keys.get(attempt) }),
  });
  if (answer.status >= 500) throw new Error(String(answer.status));
  keys.delete(attempt);
  const result = await answer.json();
  if (!answer.ok) throw new Error(answer.statusText, { cause: result.message });
  return result;
}

export async function fetchPage(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

// Shows one sentence where the trouble was; the server's own words when it gave some.
export function tell(place, error, otherwise) {
  const problem = place.querySelector(":scope > .problem");
  (problem.querySelector("span") ?? problem).textContent = error?.cause ?? otherwise;
  problem.hidden = !error;
}
