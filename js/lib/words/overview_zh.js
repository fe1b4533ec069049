/** 数据集总览视图的文字。What the view of a data set says besides, in Simplified Chinese. */
import { count } from "../scale.js";

/** @type {Record<string, string>} */
const INPUTS = { text: "篇文本", image: "张图片", table: "行" };
/** @type {Record<string, string>} */
const INPUT = { text: "篇", image: "张" };
/** @type {Record<string, string>} */
const SPACES = { probability: "概率", "log-odds": "对数几率", margin: "间隔" };

/** @type {typeof import("./overview_en.js").en} */
export const zh = {
  title: (model) => `${model} 的总览`,
  rows: (n, kind) => `${n} ${INPUTS[kind] ?? INPUTS.table}`,
  notCarried: "此文件不含该输出：请重新运行该单元格后再切换",
  notComputed: "此处没有计算：请重新运行该单元格",
  computing: (what, percent) => `正在计算 ${what}：${percent}%`,
  computed: (what) => `${what} 已算好`,
  stop: "停止",
  stopping: (what) => `停止计算 ${what}`,
  stopped: (what) => `已停止：再按一次，${what} 从此处继续`,
  turning: (output) => `正在切换到 ${output}……`,
  chip: (name, mean, space) =>
    `${name}：各行平均为 ${mean}${space === "value" ? "" : ` ${SPACES[space] ?? space}`}`,
  measure: "重要性的度量",
  moreMeasures: (n) => `还有 ${n} 种`,
  fewerMeasures: "收起",
  features: "特征，按重要性排列",
  looks: "特征的显示方式",
  points: "散点",
  bars: "条形",
  table: "表格",
  measured: ["特征", "度量", "95% 区间", "最小", "中位数", "最大"],
  interval: (ends) => `95% 区间 ${ends}`,
  low: "取值低",
  high: "高",
  unordered: "类别，无先后之分",
  otherValues: "其他",
  measuredIn: (amount, space) => `${amount} ${SPACES[space] ?? space}`,
  strip: (feature) => `各行按归因排列，${feature}`,
  from: (line) => `${line}：起点`,
  to: (line) => `${line}：终点`,
  values: "取值",
  noRow: "尚未选择行",
  missing: "缺失",
  comma: "、",
  quoted: (label) => `“${label}”`,
  point: (row, feature, value, amount, kind = "table") =>
    `第 ${row} ${INPUT[kind] ?? "行"}：${feature}${value && ` = ${value}`}，${amount}`,
  times: (n) => `× ${count(n)}`,

  dependsOn: (feature) => `输出如何随 ${feature} 变化`,
  curvesTitle: "曲线",
  curves: { pdp: "PDP", ice: "ICE", ale: "ALE" },
  about: {
    pdp: "部分依赖：让每一行都取这个值时的平均输出",
    ice: "个体条件期望：单独一行的输出随该值如何变化",
    ale: "累积局部效应：类似部分依赖，但只用各行实际出现的取值",
  },
  aroundMean: "每个点是一行：横向为取值，纵向为归因。曲线以其平均为零点。",
  amongCategories: "每个点是一行，位于其归因处。曲线为标记，以其平均为零点。",
  noValues: "这个特征没有可供绘图的取值。",
  noCurves: "没有计算过这个特征的曲线，也没有内核可以计算。",
  colourBy: (feature) => `按 ${feature} 着色`,
  compareRange: "比较一个范围",
  binned: ["取值", "行数", "平均归因"],
  range: (low, high) => `${low} 至 ${high}`,
  asking: "正在调用模型……",

  oneRow: "单独一行",
  rowBars: "这一行的归因",
  findBy: "查找行的方式",
  label: "标签",
  position: "位置",
  rowLabel: "行的标签",
  rowPosition: "行的位置",
  noPosition: (text, last) => `位置 ${text} 处没有行：位置从 0 到 ${last}`,
  noLabelHere: (label) => `此页面所含的行中，没有标签为“${label}”的`,
  largest: "归因最大",
  surprising: "最出人意料",
  wrong: "预测错误",
  next: "再按一次看下一个",
  close: "关闭",
  press: (kind) =>
    ({ text: "按一处位置，打开其文本", image: "按一个点，打开其图片" })[kind] ?? "按一个点，解释对应的行",
  notExplained: (number, kind) => `第 ${number} ${INPUT[kind] ?? "行"}没有解释过`,
  notHere: (number, kind) => `此页面不含第 ${number} ${INPUT[kind] ?? "行"}`,
  row: (number, kind, label) =>
    label ? `“${label}”，第 ${number} ${INPUT[kind] ?? "行"}` : `第 ${number} ${INPUT[kind] ?? "行"}`,
  verdict: (predicted, prediction, base) => `${predicted}：${prediction}；一无所知时为 ${base}`,
  truth: (truth) => `；真实值：${truth}`,
  opened: (name, prediction) => `${name}：${prediction}`,
  inPython: "在 Python 中打开完整的交互视图：",

  cohort: "部分行与其余行的对比",
  cohortBars: "这些行与其余行的平均归因",
  clear: "清除",
  these: "这些行",
  those: "其余行；数字为这些行高出多少",
  byValue: (feature, low, high) => (low === high ? `${feature} = ${low}` : `${feature} 从 ${low} 到 ${high}`),
  byAttribution: (feature, low, high) => `${feature} 的归因从 ${low} 到 ${high}`,
  counted: (n, of) => `${of} 行中的 ${n} 行`,
  means: (predicted, some, rest) => `；${predicted} 平均 ${some}，其余 ${rest}`,
  onlyCarried: (n, of) => `只比较此页面所含的 ${n} 行，它们是 ${of} 行中的样本。`,
  soFar: (n) => `目前只比较了 ${n} 行：正在计算全部……`,
  pair: (some, rest, difference) => `${some}，其余 ${rest}：相差 ${difference}`,

  segments: "区域",
  meanPicture: "所有图片的平均，以及每个区域有多重要",
  heated: (picture, parts) => `${picture}；最重要的是：${parts}`,
  noPicture: "此页面不含单张图片。",

  placesOf: (word) => `${word} 出现的位置`,
  places: (n, texts) => `出现在 ${texts} 篇文本中；此处 ${n} 个位置`,

  by: (method) => `归因方法：${method}`,
  explained: (n, of, kind) =>
    `解释了 ${of} ${INPUTS[kind] ?? INPUTS.table}中的 ${n} ${INPUTS[kind] ?? INPUTS.table}`,
  drawn: (n, of, kind) =>
    `画出了 ${of} ${INPUTS[kind] ?? INPUTS.table}中的 ${n} ${INPUTS[kind] ?? INPUTS.table}`,
  aboutDrawn: "一个样本，以及值得一看的；灰色形状代表全部",
  level: "95% 区间",
  aboutLevel: "涵盖各行之间的差异，以及估计方法的随机成分",
  saved: "已保存的页面：不能再调用模型",
  without: (missing) => `此页面不含以下各项，因为它们需要内核：${missing}。请运行笔记本。`,
  lacks: {
    rows: (n, of, kind) =>
      `所解释的 ${of} ${INPUTS[kind] ?? INPUTS.table}中 ${n} ${INPUTS[kind] ?? INPUTS.table}以外的部分`,
    curves: (n) => `${n} 个特征的曲线`,
    outputs: "其他输出",
  },
  noKernel: "没有内核：请重新运行该单元格，以继续计算",
  fromFile: "从文件加载：没有可供调用的模型",
};
