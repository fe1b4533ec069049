/**
 * A notebook's page built like Colab's: every output in a frame of its own, without the page's origin; what a widget
 * sends reaches a frame only while the kernel handles something that this page sent; buffers come as Uint8Array.
 *
 * `colab.run(code)` runs a cell, and gives what it printed; each widget that it shows gets a frame.
 */
const session = `page-${Math.random()}`;
const kernel = new URL(location.href).searchParams.get("kernel");
const frame = await (await fetch("output.html")).text();

/** States of the widgets, by the id of their comm. */
const models = new Map();
/** What each frame shows: its window, and the id of a comm. */
const outputs = new Map();
/** What is to be done when the kernel has handled a message of ours, by the message's id. */
const handled = new Map();

const socket = new WebSocket(`ws://${location.host}/api/kernels/${kernel}/channels?session_id=${session}`);
socket.binaryType = "arraybuffer";
socket.onmessage = ({ data }) => receive(typeof data === "string" ? JSON.parse(data) : unpacked(data));
await new Promise((resolve) => {
  socket.onopen = resolve;
});

const colab = { dropped: 0, run };
globalThis.colab = colab;

/** The numbers of parts, and where they begin; then JSON, then buffers: windows of one piece of memory. */
function unpacked(data) {
  const view = new DataView(data);
  const starts = Array.from({ length: view.getUint32(0) }, (_, i) => view.getUint32(4 * (i + 1)));
  const parts = starts.map((start, i) => new Uint8Array(data, start, (starts[i + 1] ?? data.byteLength) - start));
  return { ...JSON.parse(new TextDecoder().decode(parts[0])), buffers: parts.slice(1) };
}

function send(type, content, ended = () => {}) {
  const id = `${session}-${handled.size}-${Math.random()}`;
  handled.set(id, { ended, said: [] });
  const header = { msg_id: id, msg_type: type, username: "reader", session, version: "5.3", date: "" };
  socket.send(JSON.stringify({ header, parent_header: {}, metadata: {}, content, channel: "shell", buffers: [] }));
}

function run(code) {
  const content = { code, silent: false, store_history: false, user_expressions: {}, allow_stdin: false };
  return new Promise((resolve) => send("execute_request", content, resolve));
}

function receive({ header: { msg_type: type }, parent_header: parent, content, buffers = [] }) {
  const asked = handled.get(parent.msg_id);
  if (type === "comm_open") models.set(content.comm_id, filled(content.data, buffers));
  else if (type === "comm_msg" && !asked) colab.dropped++;
  else if (type === "comm_msg") pass(content.comm_id, content.data, buffers);
  else if (type === "stream") asked?.said.push(content.text);
  else if (type === "error") asked?.said.push(`${content.ename}: ${content.evalue}`);
  else if (type === "status" && content.execution_state === "idle" && asked) {
    handled.delete(parent.msg_id);
    asked.ended(asked.said.join("").trim());
  }
  if (type === "display_data") show(content.data);
}

/** A state, with its bytes where they belong. */
function filled({ state, buffer_paths: paths = [] }, buffers) {
  paths.forEach((path, i) => {
    const last = path.at(-1);
    path.slice(0, -1).reduce((at, step) => at[step], state)[last] = buffers[i];
  });
  return state;
}

function pass(id, { method, content, ...data }, buffers) {
  if (method !== "custom" && method !== "update") return;
  const message = method === "custom" ? { content, buffers } : { state: filled(data, buffers) };
  Object.assign(models.get(id), message.state);
  for (const [target, shown] of outputs) if (shown === id) target.postMessage(message, "*");
}

/** A widget where there is one, and a picture otherwise: each in a frame of its own. */
function show(data) {
  const id = data["application/vnd.jupyter.widget-view+json"]?.model_id;
  const el = document.createElement("iframe");
  el.setAttribute("sandbox", "allow-scripts");
  el.srcdoc = id ? frame : (data["image/svg+xml"] ?? data["text/plain"]);
  el.onload = () => {
    if (!id) return;
    outputs.set(el.contentWindow, id);
    el.contentWindow.postMessage({ opened: models.get(id) }, "*");
  };
  document.body.append(el);
}

addEventListener("message", ({ source, data }) => {
  const id = outputs.get(source);
  if (id && socket.readyState === WebSocket.OPEN) send("comm_msg", { comm_id: id, data });
});
