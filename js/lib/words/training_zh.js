/** 训练视图的文字。What the view of a training says besides, in Simplified Chinese. */
import { count } from "../scale.js";

/** @type {Record<string, string>} */
const SINCE = { first: "相对第一次记录", previous: "相对上一次记录" };

/** @type {typeof import("./training_en.js").en} */
export const zh = {
  title: (model) => `${model} 的训练`,
  overhead: (share) => `解释占训练时间的 ${share}`,
  times: (n) => `解释耗时为训练时间的 ${n} 倍`,
  aboutOverhead:
    "训练过程中解释固定样例所多花的时间，占训练本身时间的比例。只有最后的权重，无论训练多短都会解释",
  stop: "停止",
  aboutStop: "在下一步之后结束训练。已有的记录会保留。",
  deaf: "单元格运行期间，此内核收不到消息：要停止，请中断内核。已有的记录会保留。",
  states: {
    running: "训练中",
    waiting: "等待下一步",
    done: "训练结束",
    stopped: "已停止",
    failed: "训练失败",
    "not ended": "未结束",
    elsewhere: "由另一个进程解释",
  },
  step: (step) => `第 ${count(step)} 步`,
  stepOf: (step, of) => (step < of ? `第 ${count(step)} / ${count(of)} 步` : `第 ${count(step)} 步`),
  ofPicture: (segment, number) => `图片 ${number}：${segment}`,
  state: (state, step) => `${state}，第 ${count(step)} 步`,
  by: (method) => `解释方法：${method}`,
  records: (n) => `${count(n)} 次记录`,
  aboutRecords: "固定样例被解释的次数，每次都用相同的掩码和随机种子",
  some: (shown, n) => `画出了 ${count(n)} 次记录中的 ${count(shown)} 次`,

  timeline: "随训练步数",
  metrics: "指标",
  noMetrics: "尚无指标：请用 tracker.step(step, loss=loss, eval_accuracy=accuracy) 提供。",
  noneTold: "没有给出指标。",
  lost: (step) => `自第 ${count(step)} 步起不是有限数`,
  range: (low, high) => `${low} 至 ${high}`,
  aboutRange: "出现过的最小值和最大值：各损失曲线各有刻度",
  lines: (lines) => `指标。${lines.join("；")}`,
  line: (name, first, last) => `${name} 从 ${first} 到 ${last}`,

  evidence: "依据",
  aboutEvidence: "每个特征占全部 |归因| 的比例，对固定样例取平均；其余部分属于其他特征",
  bands: (lines) => `依据的占比。${lines.join("；")}`,

  drift: "漂移",
  aboutDrift: "固定样例的解释平均变化了多少；在灰色带以内，不超过噪声所能造成的",
  measure: "漂移的度量",
  measures: {
    l1: "依据的变化",
    cosine: "1 − 余弦",
    spearman: "1 − 斯皮尔曼",
    top_k: "1 − 前几名的重合",
    sign_flips: "符号改变",
    rbo: "1 − 排序偏重重合",
    entropy: "熵的变化",
    gini: "稀疏度的变化",
  },
  against: "对照",
  first: "第一次",
  previous: "上一次",
  since: (against) => SINCE[against] ?? against,
  sinceBoth: "相对第一次和上一次记录",
  floor: "噪声下限",
  aboutFloor:
    "同一权重的两次估计相差多少：若模型未变，靠抽样的方法 20 次中有 19 次低于此值；其他方法则把输入的每个数移动至多其范围的 1%",
  noChange: "没有可察觉的变化",
  change: "超出噪声",
  nothingBefore: "第一次记录",
  moved: (measure, against, first, last, floor) =>
    `${measure}（${SINCE[against] ?? against}）：从 ${first} 到 ${last}，噪声下限 ${floor}`,

  slider: "记录",
  latest: "最新",
  aboutLatest: "跟随训练：显示最新的记录",
  chosen: (step, verdict) => `第 ${count(step)} 步：${verdict}`,

  alarms: "可能的捷径",
  candidate: "可能的捷径：",
  net: (share, against) => `${against ? "反对" : "支持"} ${share} `,
  alarm: (feature, from, to, n, metric) =>
    ` ${feature} 在 ${count(n)} 个样例中对目标输出的净依据从${from}变为${to}，而 ${metric} 没有上升：`,
  goTo: (step) => `第 ${count(step)} 步`,
  to: " 至 ",

  pinned: "固定样例",
  place: (i, n) => `固定样例 ${i} / ${n}`,
  back: "上一个固定样例",
  on: "下一个固定样例",
  shown: "显示内容",
  values: "归因值",
  changes: "变化",
  changeSince: (step) => `自第 ${count(step)} 步以来的变化`,
  verdict: (output, same, step, share) =>
    `预测为 ${output}，与第 ${count(step)} 步${same ? "相同" : "不同"}；其依据有 ${share} 在别处`,
  predicted: (output) => `预测为 ${output}`,
  missing: (step) => `第 ${count(step)} 步未能解释`,
  alone: (output, step) => `预测为 ${output}；第 ${count(step)} 步未能解释`,
  above: (is, probability) => `${is ? "" : "不"}高于${probability ? "一半" : "零"}`,
  number: (now, before, step, share) =>
    `预测为 ${now}，第 ${count(step)} 步时为 ${before}；其依据有 ${share} 在别处`,
  scale: (reach, change) => `最深颜色：${reach}，即此样例在各次记录中最大的${change ? "变化" : "值"}`,
  text: (what) => `文本，${what}`,
  picture: (what) => `起作用的部分，${what}：数值见条形图`,
  bars: (what) => `归因，${what}`,

  flips: "预测与依据的背离",
  aboutFlips: "一半以上的依据已在别处，预测却不变；或依据基本不变，预测却变了：此处为其开始之处",
  noFlips: "目前没有。",
  kinds: {
    "same prediction, other evidence": "预测相同，依据不同",
    "other prediction, same evidence": "预测不同，依据相同",
  },
  flip: (example, step) => `固定样例 ${example}，第 ${count(step)} 步`,
  parted: (kind, since) => `${kind}，${since}`,
  went: (example, step, kind) => `固定样例 ${example}，第 ${count(step)} 步：${kind}`,

  figures: "可解释的程度",
  figure: {
    fidelity: ["保真度", "在未用于拟合的扰动上，解释对模型输出的预测有多准"],
    comprehensiveness: ["全面性", "隐去最支持该输出的特征后，该输出下降多少；没有特征支持时为 0"],
    sparseness: ["稀疏度", "占比的基尼系数：各特征同等重要时为 0，只有少数重要时接近 1"],
    complexity: ["复杂度", "占比的熵（奈特）：起作用的特征越多，值越大"],
    stability: ["稳定度", "1 减去同一权重的第二次估计中位于别处的依据的比例"],
  },
  course: (name, first, last) => `${name}：从 ${first} 到 ${last}`,
  saved: "已保存的页面",
  fromFile: "从文件加载",
};
