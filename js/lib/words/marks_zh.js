/** 读者标记的文字，简体中文。What views say of a reader's marks, in Simplified Chinese. */

/** @type {Record<string, string>} */
const PART = { text: "一个词", image: "一个区域或其条形", table: "一行" };

const NAMES = { "should not matter": "不应有影响", "should matter": "应当有影响" };

/** @type {typeof import("./marks_en.js").marks} */
export const marks = {
  title: "标记",
  names: NAMES,
  short: { "should not matter": "不应", "should matter": "应当" },
  about: {
    "should not matter": (key) =>
      `您的异议：模型不应以此为依据。标记随解释一起保存，训练可以据此学习。再按一次即撤销。对最近按下或获得焦点的项，快捷键为 ${key}`,
    "should matter": (key) =>
      `模型应当以此为依据。标记随解释一起保存，训练可以据此学习。再按一次即撤销。对最近按下或获得焦点的项，快捷键为 ${key}`,
  },
  invitation: (kind) => `按下${PART[kind]}，即可标记：`,
  only: "仅标记",
  aboutOnly: (kind) => `打开后，按下${PART[kind]}只是选中它来标记，不会移除任何内容`,
  of: (name) => `标记 ${name}`,
  told: (mark) => (mark ? `；${NAMES[mark]}` : ""),
  marked: (name, mark) => `${name}：${mark}`,
  back: (name) => `${name}：已撤销标记`,
  colon: "：",
  comma: "、",
  more: (rest) => `，另有 ${rest} 个`,
  share: (percent) => `（占归因的 ${percent}）`,
  page: "已保存的页面：您改动的标记仅在页面打开期间保留。",
  noKernel: "没有内核：您改动的标记仅在页面打开期间保留。",
};
