/**
 * Called in a page by tests/bench/kernel_width.py: draws a saved view and moves its kernel width.
 *
 * A move takes its `input` event and the frame after it, from the frame's
 * beginning until the browser has painted it and goes on; not the pause
 * between the two, in which it waits for the screen.
 *
 * @param {{state: string, moves: number}} given a widget's state as JSON, and how many moves
 * @returns {Promise<number[]>} milliseconds a move
 */
async ({ state, moves }) => {
  const revive = (_, value) =>
    value?.bytes === undefined
      ? value
      : new DataView(Uint8Array.from(atob(value.bytes), (letter) => letter.charCodeAt(0)).buffer);
  const traits = JSON.parse(state, revive);
  const refuse = () => {
    throw new Error("there is no kernel");
  };
  const model = { get: (name) => traits[name], set() {}, save_changes() {}, send: refuse, on() {}, off() {} };
  const bundle = new Blob([traits._esm], { type: "text/javascript" });
  const { default: unpacked } = await import(URL.createObjectURL(bundle));
  const view = await unpacked();
  view.initialize({ model });
  view.render({ model, el: document.body });
  const slider = document.querySelector("input[aria-label='Kernel width']");
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  const { port1, port2 } = new MessageChannel();

  const move = (at) =>
    new Promise((resolve) => {
      let input = 0;
      let frame = 0;
      port1.onmessage = () => resolve(input + performance.now() - frame);
      requestAnimationFrame(() => {
        frame = performance.now();
        port2.postMessage("after the paint");
      });
      const begun = performance.now();
      slider.value = String(at);
      slider.dispatchEvent(new Event("input"));
      input = performance.now() - begun;
    });

  await pause(3000); // errors and trace come to rest
  const times = [];
  for (let i = 0; i < moves; i++) times.push(await move(300 + (500 * i) / moves));
  return times;
};
