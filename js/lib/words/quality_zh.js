/** “可信程度”面板的文字。What the panel of how far to trust an explanation says, in Simplified Chinese. */
import { count } from "../scale.js";

/** @type {Record<string, string>} */
const PARTS = { text: "个词", image: "个区域", table: "个特征" };
/** @type {Record<string, string>} */
const NAMES = { text: "词", image: "区域", table: "特征" };

/** @type {typeof import("./quality_en.js").en} */
export const zh = {
  title: "可信程度",
  invitation: {
    text: (kind) =>
      `按归因次序逐一去掉、再逐一加回各${NAMES[kind]}，看输出是否随之变化；每项得分都与不含任何信息的归因对照。`,
    running: "运行结束后即可测量。",
  },
  measure: "测量",
  more: "继续测量其余各项",
  aboutMore: "其余各项：其他随机种子、邻近输入、随机权重，以及含义相近的指标，耗时要多许多倍。",
  stop: "停止测量",
  again: "重试",
  progress: (done, of, n) => `测量中：已完成 ${done} / ${of} 项，评估 ${count(n)} 次`,
  looking: "正在查看已知的结果…",
  took: (n) => (n ? `共评估 ${count(n)} 次。` : "没有额外评估。"),
  failed: (message) => `测量中止：${message}`,
  stopped: "已停止测量",
  ended: "测量完毕",
  page: "保存此页面之前没有测量。",

  curves: {
    title: "最重要的特征依次去掉或加入时的输出",
    deletion: "删除",
    insertion: "插入",
    aboutDeletion: "从最重要的特征开始逐一去掉时的输出：下降越快越好",
    aboutInsertion: "从最重要的特征开始逐一加入时的输出：上升越快越好",
    random: "随机次序",
    aboutRandom: "随机次序的平均及其 95% 区间：不含任何信息的次序",
    exact: "精确 Shapley 值",
    aboutExact: "按精确 Shapley 值的次序所得的曲线",
    area: (name, area) => `${name}，面积 ${area}`,
    slider: { deletion: "去掉的特征", insertion: "加入的特征" },
    out: (n, d, kind) => `去掉 ${n} / ${d} ${PARTS[kind]}：`,
    there: (n, d, kind) => `只留 ${n} / ${d} ${PARTS[kind]}：`,
    invitation: (kind) =>
      ({
        text: "指向曲线或拖动滑块：文本中显示还剩下什么。",
        image: "指向曲线或拖动滑块：图片中显示还剩下什么。",
        table: "指向曲线或拖动滑块：条形图中显示还剩下什么。",
      })[kind] ?? "",
    described: (way, from, to, area, random) =>
      `${way}：输出从 ${from} 变为 ${to}，面积 ${area}${random === null ? "" : `；随机次序为 ${random}`}`,
  },

  scores: {
    title: "指标",
    better: "更好",
    neither: "说明解释的样子，而非对错：两端无所谓好坏，数值向右增大。",
    value: "此解释",
    random: "随机",
    aboutRandom: "随机归因的平均得分",
    input: "仅看输入",
    aboutInput: {
      text: "只看词的长短、不看模型的归因的得分",
      image: "只看图片边缘、不看模型的归因的得分",
      table: "只看取值大小、不看模型的归因的得分",
    },
    exact: "精确 Shapley",
    aboutExact: "精确 Shapley 值的得分（已知时）",
    open: "未知精确 Shapley 值之处，右端是现有标记中最好的，而不是可能达到的最好值。",
    uninformative: "在此不说明问题",
    aboutUninformative:
      "就这个模型和输入而言，精确 Shapley 值按此指标并不优于随机归因：对其他归因，它也说明不了什么",
    direction: { higher: "越高越好", lower: "越低越好", neither: "两端无所谓好坏" },
    arrows: { higher: "\u2191", lower: "\u2193", neither: "" },
    unknown: "此处没有数值",
    asked: (n) => (n ? `评估 ${count(n)} 次` : "没有额外评估"),
    mark: (name, value) => `${name} ${value}`,
    between: "，",
    margin: (value, margin) => `${value} \u00b1 ${margin}`,
    refused: (names, reason) => `未测量：${names.join("、")}。${reason}`,
  },

  metrics: {
    deletion_auc: ["删除面积", "从最重要的特征开始逐一去掉时，输出的平均值"],
    insertion_auc: ["插入面积", "从最重要的特征开始逐一加入时，输出的平均值"],
    comprehensiveness: ["全面性", "去掉最重要的 1%、5%、10%、20% 和 50% 特征时，输出平均损失多少"],
    sufficiency: ["充分性", "只留这些特征时，输出平均损失多少"],
    infidelity: ["不忠实度", "去掉若干特征时输出的损失，与这些特征的归因之和，两者差的均方"],
    sensitivity_n: [
      "敏感度-n",
      "去掉若干特征时输出的损失，与这些特征的归因之和的相关系数，取几种特征个数的平均",
    ],
    completeness_gap: ["完备性误差", "所有归因值之和与输出从全无到全有的变化相差多少"],
    sparseness: ["稀疏度", "归因大小的基尼系数：0 为全都相同，1 为全部集中于一个特征"],
    complexity: ["复杂度", "归因大小所占份额的熵：0 为全部集中于一个特征"],
    effective_complexity: ["有效复杂度", "归因值不可忽略的特征有多少个"],
    faithfulness_correlation: [
      "忠实度相关",
      "去掉五分之一的特征时输出的损失，与这些特征的归因之和的相关系数",
    ],
    faithfulness_estimate: ["忠实度估计", "单独去掉每个特征时输出的损失，与其归因值的相关系数"],
    monotonicity: ["单调性", "从归因值最小的特征开始逐一加入时，输出没有下降的步数所占的比例"],
    pgi: ["去掉重要特征的差距", "去掉归因最大的特征时，输出变动多少（PGI）"],
    pgu: ["去掉其余特征的差距", "去掉除此以外的特征时，输出变动多少（PGU）"],
    relevance_mass: ["相关质量", "归因中落在应当重要的特征上的比例"],
    relevance_rank: ["相关排名", "排名靠前的同样多个特征中，应当重要的所占的比例"],
    pointing_game: ["指向游戏", "最重要的特征是否应当重要"],
    top_k_intersection: ["前 k 名交集", "应当重要的特征有多少在前五名之中"],
    auroc: ["AUROC", "应当重要的特征归因值更大的概率"],
    marked_share_should_not: ["不应有影响者的占比", "归因中落在读者标为“不应有影响”的特征上的比例"],
    marked_share_should: ["应当有影响者的占比", "归因中落在读者标为“应当有影响”的特征上的比例"],
    seed_stability: ["其他随机种子", "换用其他随机种子，结果有多相似（余弦相似度）"],
    sensitivity_max: ["邻近输入，最大", "在邻近的输入上，归因值的最大相对变化"],
    sensitivity_avg: ["邻近输入，平均", "在邻近的输入上，归因值的平均相对变化"],
    local_lipschitz: ["局部利普希茨", "在邻近的输入上，归因值的最大变化与输入距离之比"],
    relative_input_stability: ["相对稳定性", "归因值的相对变化与输入的相对变化之比的对数"],
    randomisation: ["随机权重", "网络的权重越来越多地变为随机时，原来的次序还剩多少"],
    efficient_randomisation: ["随机权重，复杂度", "全部权重变为随机后，解释的复杂度增加多少"],
  },
};
