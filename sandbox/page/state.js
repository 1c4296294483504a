// The one place that talks to the server: polls what the viewer sees and sends what the viewer does.

import { toast } from "./toast.js";

const session = window.sessionStorage;
export const state = {
  viewer: new URLSearchParams(location.search).get("as") || session.getItem("sandbox.viewer") || "",
  snap: null, offset: 0, online: true,
};

const listeners = [];
export const onChange = (run) => listeners.push(run);
const tell = () => listeners.forEach((run) => run(state.snap));

let generation = 0;
let aborter = null;

export async function follow() {
  const mine = ++generation;
  while (mine === generation) {
    try {
      aborter = new AbortController();
      const since = state.snap && state.snap.viewer === state.viewer ? state.snap.version : "";
      const query = new URLSearchParams({ viewer: state.viewer, since });
      const answer = await fetch(`/sandbox/state?${query}`, { signal: aborter.signal });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const snap = await answer.json();
      if (mine !== generation) return;
      state.offset = snap.now * 1000 - Date.now();
      state.viewer = snap.viewer;
      const was = state.online;
      state.online = true;
      if (!was || !state.snap || snap.version !== state.snap.version || snap.viewer !== state.snap.viewer) {
        state.snap = snap;
        tell();
      }
    } catch (error) {
      if (error.name === "AbortError") continue;
      if (mine !== generation) return;
      if (state.online) { state.online = false; tell(); }
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
}

export function become(viewer) {
  state.viewer = viewer;
  session.setItem("sandbox.viewer", viewer);
  // An address that names a person would bring them back at the next reload.
  history.replaceState(null, "", location.pathname + location.hash);
  if (aborter) aborter.abort();
  follow();
}

export const now = () => Date.now() + state.offset;
export const person = (id) => state.snap.people.find((one) => one.id === id);
export const me = () => person(state.viewer);
export const channel = (id) => state.snap.channels.find((one) => one.id === id);

async function send(path, body) {
  const answer = await fetch(path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  const said = await answer.json();
  if (!said.ok) throw new Error(said.error || `The sandbox answered ${answer.status}.`);
  return said;
}

// Do something as the viewer. What is refused is shown; the answer is null then.
export async function act(name, body = {}) {
  try {
    return await send(`/sandbox/act/${name}`, { user: state.viewer, ...body });
  } catch (error) {
    toast(error.message, "error");
    return null;
  }
}

export const moveClock = (body) => send("/sandbox/clock", body);

export async function get(path) {
  const answer = await fetch(path);
  return answer.json();
}

// Where an element is, as the acts want it.
export const whereOf = (surface) =>
  surface.ts ? { channel: surface.channel, message_ts: surface.ts } : { view_id: surface.id };
