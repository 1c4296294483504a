// How the elements on a message, a modal or the Home tab act: presses, typing that waits, options that load.

import { act, state, whereOf } from "./state.js";

const DELAY = 350;

// `surface` gives the message or view as it is now, so that a changed one is acted on and not the old one.
export function usesOf(surface) {
  const waiting = new Map();

  const inputs = () => state.snap.inputs[surface().surface] || {};
  const keyOf = (element, block) => `${block.block_id}/${element.action_id}`;
  const body = (element, block, value) => ({ ...whereOf(surface()), block_id: block.block_id, action_id: element.action_id, value });

  async function flush() {
    const all = [...waiting.values()];
    waiting.clear();
    for (const { timer, send } of all) { clearTimeout(timer); await send(); }
  }

  return {
    flush,
    value(element, block) {
      const held = waiting.get(keyOf(element, block));
      if (held) return { value: held.value };
      return (inputs()[block.block_id] || {})[element.action_id] || {};
    },
    store(element, block, value) {
      const key = keyOf(element, block);
      const old = waiting.get(key);
      if (old) clearTimeout(old.timer);
      const send = () => act("press", { ...body(element, block, value), quiet: true });
      waiting.set(key, { value, send, timer: setTimeout(() => { waiting.delete(key); send(); }, DELAY) });
    },
    async press(element, block, value, node) {
      await flush();
      const busy = block.type !== "input" || block.dispatch_action;
      if (busy) node.setAttribute("aria-busy", "true");
      try {
        return await act("press", { ...body(element, block, value), button: ["button", "overflow", "icon_button"].includes(element.type) });
      } finally {
        node.removeAttribute("aria-busy");
      }
    },
    async load(element, block, query) {
      await flush();
      const told = await act("options", { ...whereOf(surface()), block_id: block.block_id, action_id: element.action_id, query });
      return told ? { options: told.options, failure: told.failure } : { options: [], failure: "The options could not be loaded." };
    },
  };
}
