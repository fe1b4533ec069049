/** 数据集总览视图的文字。What the view of a data set says besides, in Simplified Chinese. */
import { count } from "../scale.js";

/** @type {Record<string, string>} */
const INPUTS = { text: "篇文本", image: "张图片", table: "行" };
/** @type {Record<string, string>} */
const INPUT = { text: "篇", image: "张" };

/** @type {typeof import("./overview_en.js").en} */
export const zh = {
  title: (model) => `${model} 的总览`,
  rows: (n, kind) => `${n} ${INPUTS[kind] ?? INPUTS.table}`,
  notCarried: "此文件不含该输出：请重新运行该单元格后再切换",
  notComputed: "此处没有计算：请重新运行该单元格",
  computing: (what) => `正在计算 ${what}……`,
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
  strip: (feature) => `各行按归因排列，${feature}`,
  from: (line) => `${line}：起点`,
  to: (line) => `${line}：终点`,
  values: "取值",
  noRow: "尚未选择行",
  missing: "缺失",
  point: (row, feature, value, amount, kind = "table") =>
    `第 ${count(row)} ${INPUT[kind] ?? "行"}：${feature}${value && ` = ${value}`}，${amount}`,
  times: (n) => `× ${count(n)}`,

  dependsOn: (feature) => `输出如何随 ${feature} 变化`,
  curvesTitle: "曲线",
  curves: { pdp: "PDP", ice: "ICE", ale: "ALE" },
  about: {
    pdp: "部分依赖：让每一行都取这个值时的平均输出",
    ice: "个体条件期望：单独一行的输出随该值如何变化",
    ale: "累积局部效应：类似部分依赖，但只用各行实际出现的取值",
  },
  aroundMean: "散点：各行的归因。曲线：相对于各行平均。",
  noValues: "这个特征没有可供绘图的取值。",
  noCurves: "没有计算过这个特征的曲线，也没有内核可以计算。",
  colourBy: (feature) => `按 ${feature} 着色`,
  compareRange: "比较一个范围",
  binned: ["取值", "行数", "平均归因"],
  range: (low, high) => `${low} 至 ${high}`,
  asking: "正在调用模型……",

  oneRow: "单独一行",
  rowBars: "这一行的归因",
  number: "编号",
  largest: "归因最大",
  surprising: "最出人意料",
  wrong: "预测错误",
  next: "再按一次看下一个",
  close: "关闭",
  press: (kind) => (kind === "text" ? "按一处位置，打开其文本" : "按一个点，解释对应的行"),
  noSuchRow: (number) => `第 ${number} 行没有解释过，或不在此处`,
  row: (number, kind) => `第 ${number} ${INPUT[kind] ?? "行"}`,
  verdict: (output, prediction, base) => `${output} ${prediction}，一无所知时为 ${base}`,
  truth: (truth) => `；真实值：${truth}`,
  opened: (name, prediction) => `${name}：${prediction}`,
  inPython: "在 Python 中打开完整的交互视图：",

  cohort: "部分行与其余行的对比",
  cohortBars: "这些行与其余行的平均归因",
  clear: "清除",
  these: "这些行",
  those: "其余行；数字为两者之差",
  byValue: (feature, low, high) => (low === high ? `${feature} = ${low}` : `${feature} 从 ${low} 到 ${high}`),
  byAttribution: (feature, low, high) => `${feature} 的归因从 ${low} 到 ${high}`,
  counted: (n, of) => `${of} 行中的 ${n} 行`,
  means: (output, some, rest) => `；${output} 平均 ${some}，其余 ${rest}`,
  onlyCarried: (n, of) => `只用此处携带的 ${n} 行，它们是 ${of} 行中的样本。`,
  soFar: (n) => `目前只用 ${n} 行：正在计算全部……`,
  pair: (some, rest, difference) => `${some}，其余 ${rest}：相差 ${difference}`,

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
  noKernel: "没有内核：请重新运行该单元格，以继续计算",
  fromFile: "从文件加载：没有可供调用的模型",
};
