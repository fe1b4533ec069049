/**
 * 界面上的所有文字，简体中文。All that views say, in Simplified Chinese: what is missing here, the type checker finds.
 *
 * In `sentences` are those that Python makes, as templates: {1}, {2}, ... is what differs, and {*1} what is to be
 * translated in its turn. tests/unit/test_words.py finds those that are missing.
 */
import { count } from "../scale.js";

const NO_KERNEL = "没有内核：请重新运行该单元格，以继续采样";
const SLOPES = "斜率不是份额：相加不等于预测。";
const LENGTHS = "长度没有正负，也不是份额。";
const ADD_UP = "各份额相加，等于预测的变化。";
const SMOOTHED = "用高斯过程平滑模型的输出，它会学到哪些特征重要；区间也由它给出";
const REGRESSED = "用加权回归拟合模型的输出，与 KernelSHAP 相同";
const COMPUTED = ["精确：由模型本身算出", "没有任何随机成分"];
/** @type {Record<string, string>} */
const PART = { text: "词", image: "区域", table: "取值" };
/** @type {Record<string, string>} */
const PARTS = { text: "词", image: "区域", table: "特征" };
/** @type {Record<string, string>} */
const STATES = { done: "已完成", stopped: "已停止", failed: "出错" };
/** @type {Record<string, string>} */
const SPACES = { probability: "概率", logit: "logit", "log-odds": "对数几率", margin: "间隔" };

/** @type {typeof import("./en.js").en} */
export const zh = {
  lang: "zh-CN",
  labels: {
    Occlusion: "遮挡",
    Saliency: "显著性",
    "Input x gradient": "输入 × 梯度",
    "Int. gradients": "积分梯度",
    "Permutation Shapley": "排列 Shapley",
  },
  sentences: [
    ["{1}; use shapley", "{*1}；可改用 shapley"],
    ["{1}; use lime", "{*1}；可改用 lime"],
    ["{1}; use integrated_gradients", "{*1}；可改用 integrated_gradients"],
    ["{1}; use path_dependent=True, or shapley", "{*1}；可改用 path_dependent=True，或 shapley"],
    ["the mean of all embeddings", "所有嵌入的平均"],
    ["{1} can't run here: {2}", "{1} 在此无法运行：{*2}"],
    [
      "Absent features take their values from {1} of {2} background rows.",
      "隐去的特征取自 {2} 个背景样本中的 {1} 个。",
    ],
    ["Absent features take their values from {1} background rows.", "隐去的特征取自 {1} 个背景样本。"],
    ["Absent features take their values from {1} background row.", "隐去的特征取自 {1} 个背景样本。"],
    [
      "Values are drawn within the quartiles of {1} background rows, as the lime package draws them.",
      "各值按 lime 包的做法，在 {1} 个背景样本的四分位区间内抽取。",
    ],
    [
      "The model reads the first {1} tokens: {2} words after them are not seen.",
      "模型只读前 {1} 个词元：其后的 {2} 个词看不到。",
    ],
    [
      "The model reads the first {1} tokens: 1 word after them is not seen.",
      "模型只读前 {1} 个词元：其后的 1 个词看不到。",
    ],
    ["Explained is the label of {1}, {2} {3} counted from 0.", "解释的是 {1}（从 0 数起第 {3} 个）的标签。"],
    [
      "Explained is the label of {1}, {2} {3} counted from 0. It comes {4} times: the other by index, {5}.",
      "解释的是 {1}（从 0 数起第 {3} 个）的标签。它出现 {4} 次，另一个的序号为 {5}。",
    ],
    [
      "Explained is the label of {1}, {2} {3} counted from 0. It comes {4} times: the others by index, {5}.",
      "解释的是 {1}（从 0 数起第 {3} 个）的标签。它出现 {4} 次，其余的序号为 {5}。",
    ],
    ["The picture's transparent parts were laid over white.", "图片的透明部分已铺上白底。"],
    ["It is shown as it was found: there is no model behind it to ask.", "按原样显示：没有可供调用的模型。"],
    [
      "What its numbers are of, probabilities or something else, is not known: output_space= can say it.",
      "不清楚这些数值对应概率还是别的量：可用 output_space= 指明。",
    ],
    [
      "It is shown as the file has it: there is no model behind it to ask, and no perturbations.",
      "按文件内容显示：没有可供调用的模型，也没有扰动。",
    ],
    [
      "lime chose {1} of {2} {3}: the others have no number here.",
      "lime 只从 {2} 个特征中选了 {1} 个：其余在此没有数值。",
    ],
    ["a shap.Explanation", "shap.Explanation"],
    ["a lime Explanation", "lime 的 Explanation"],
    ["an InterpretML explanation", "InterpretML 的解释"],
    ["captum's attributions", "captum 的归因"],
    ["an array", "数组"],
    ["a .csv file", ".csv 文件"],
    [
      "several columns make one feature: their values were found one by one and summed",
      "有的特征由多列组成：各列的值是分别求得再相加的",
    ],
    [
      "so far {1} of {2} windows were hidden: the rest is shown as zero",
      "目前已遮挡 {2} 个窗口中的 {1} 个：其余显示为零",
    ],
    [
      "the tokenizer has neither a mask nor a padding token: {1} stands for absent words",
      "分词器既没有掩码词元，也没有填充词元：以 {*1} 代表隐去的词",
    ],
    [
      "the embedding of the {1} token is all zeros, where a layer norm's gradient means little: a baseline of another token may be better",
      "{1} 词元的嵌入全为零，层归一化在那里的梯度意义不大：换用其他词元作基线可能更好",
    ],
    [
      "{1}: these numbers are categories, whose gradient says what a little more of one would do; shapley exchanges whole categories",
      "{1}：这些数字是类别，而梯度说的是数值稍增会怎样；shapley 会整体替换类别",
    ],
    [
      "the values of deep_lift miss the change of the output by {1} of their sum, by rounding: use the model in float32",
      "deep_lift 的各值与输出的变化相差其总和的 {1}，由舍入造成：请以 float32 使用模型",
    ],
    [
      "the values of deep_lift miss the change of the output by {1} of their sum: something that the model does is hidden from it",
      "deep_lift 的各值与输出的变化相差其总和的 {1}：模型的某些运算对它不可见",
    ],
    [
      "the values miss the change of the output by {1} of their sum: raise n_samples",
      "各值与输出的变化相差其总和的 {1}：请增大 n_samples",
    ],
    [
      "the values miss the change of the output by {1} of their sum: raise n_samples for more points; if it stays, the model jumps or rounds its input",
      "各值与输出的变化相差其总和的 {1}：请增大 n_samples，以取更多的点；若仍如此，则模型有跳变，或对输入做了舍入",
    ],
    [
      "the values miss the change of the output by {1} of their sum: half precision rounds too much for them, use model.float()",
      "各值与输出的变化相差其总和的 {1}：半精度舍入过多，请用 model.float()",
    ],
    [
      "the values miss the change of the output by {1} of their sum, by more than chance: the model jumps, or rounds",
      "各值与输出的变化相差其总和的 {1}，超出随机误差：模型有跳变，或有舍入",
    ],
    [
      "the output has no gradient by any cell of the feature map, so all values are 0: a probability may be too near to 0 or 1, which output='logit' avoids, or a transformer reads the class token alone after this layer",
      "输出对特征图的任何一格都没有梯度，因此所有值为 0：可能是概率太接近 0 或 1（用 output='logit' 可避免），也可能是 Transformer 在这一层之后只读取类别词元",
    ],
    [
      "{1} keeps a number that depends on the input from the gradient (detach or no_grad): no relevance passes there",
      "{1} 用 detach 或 no_grad 截断了一个依赖于输入的数的梯度：相关性无法从那里通过",
    ],
    ["{1} should be a number; {2} came", "{1} 应为数字；得到的是 {2}"],
    [
      "{1} is missing (NaN), and no background row lacks it: fill it in, or give background rows with NaN there if the model accepts it",
      "{1} 缺失（NaN），而背景样本都有这一项：请填上；若模型接受缺失，可提供该项为 NaN 的背景样本",
    ],
    [
      "{1} holds {2}, which no background row has: choose one of {3}{4}; or add a row with it to the background",
      "{1} 的值 {2} 在背景样本中没有：请从 {3}{4} 中选择，或在背景中加入有该值的样本",
    ],
    [
      "{1} is a group: hide it, or explain without groups to edit its values",
      "{1} 是一组特征：可以将其隐去；若要改动其中的值，请不分组重新解释",
    ],
    ["there is no feature {1}: the row has {2}, counted from 0", "没有特征 {1}：这一行有 {2} 个，从 0 数起"],
    [
      "a picture's segments have no values to edit: hide them instead",
      "图片的区域没有可改动的值：请改为将其隐去",
    ],
    [
      "a text has no values to edit: hide some of its words, or explain another text",
      "文本没有可改动的值：请隐去其中一些词，或解释另一段文本",
    ],
    [
      "features can't be hidden under discretize='quartile': give them other values instead",
      "在 discretize='quartile' 下不能隐去特征：请改动它们的值",
    ],
    [
      "there is no model behind these numbers: call explain with the model",
      "这些数值背后没有模型：请用模型调用 explain",
    ],
    [
      "loaded from a file: there is no model to ask; explain again with the model",
      "从文件加载：没有可供调用的模型；请用模型重新解释",
    ],
    [
      "the kernel did not answer: run the cell again, or wait until it is free",
      "内核没有回应：请重新运行该单元格，或等它空闲",
    ],
    [
      "needs a neighborhood of its own: this one was drawn for lime(discretize='quartile')",
      "需要自己的邻域：现有的邻域是为 lime(discretize='quartile') 抽取的",
    ],
    ["was not computed before this page was saved", "在保存此页面之前没有计算过"],
    [
      "{1} was computed for {2} and not for {3}: explain again with the model for that",
      "{1} 只对 {2} 计算过，未对 {3} 计算：请用模型重新解释",
    ],
    ["{1} has no rule for {2}, in {3}", "{1} 没有适用于 {2} 的规则（位于 {3}）"],
    ["{1} can't look into {2}, which TorchScript compiled", "{1} 无法查看 {2} 的内部：它由 TorchScript 编译"],
    [
      "{1} can't look into the function that computes {2}: it is compiled, or has a derivative of its own",
      "{1} 无法查看计算 {2} 的函数内部：它是编译过的，或自带导数",
    ],
    [
      "deep_lift compares the model's calls for the input with those for the baseline, and they differ, from {1} on",
      "deep_lift 要对照模型处理输入与处理基线时的各次调用，而两者从 {1} 起不同",
    ],
    [
      "grad_cam needs a convolutional layer{1}: this model has none",
      "grad_cam 需要 torch 的卷积层：这个模型没有",
    ],
    [
      "linear_shap needs columns that are each made of one feature, and {1} is given others",
      "linear_shap 要求每一列只来自一个特征，而 {1} 的输入并非如此",
    ],
    [
      "linear_shap needs a linear or logistic model of scikit-learn, and this is {1}",
      "linear_shap 需要 scikit-learn 的线性模型或逻辑回归，而这是 {1}",
    ],
    [
      "tree_shap needs decision trees (of scikit-learn, xgboost, lightgbm or catboost) whose sum or mean is the answer, and this is {1}",
      "tree_shap 需要以决策树之和或平均作为输出的模型（scikit-learn、xgboost、lightgbm 或 catboost），而这是 {1}",
    ],
    [
      "tree_shap needs columns of numbers, each made of one feature",
      "tree_shap 需要数值列，且每一列只来自一个特征",
    ],
    [
      "shap reads scikit-learn's GradientBoostingClassifier of two classes only",
      "shap 只能读取两个类别的 scikit-learn GradientBoostingClassifier",
    ],
    [
      "shap has background rows of catboost models with one plain sum only",
      "对于 catboost，shap 只在模型输出单个总和时支持背景样本",
    ],
    [
      "shap has background rows of columns of numbers only, and {1}: categories",
      "shap 的背景样本只支持数值列，而 {1} 是类别",
    ],
    [
      "shap reads the trees of xgboost's dart without their weights",
      "shap 读取 xgboost dart 的树时会丢掉树的权重",
    ],
    ["shap can't read this {1}: {2}: {3}", "shap 无法读取这个 {1}：{2}：{3}"],
    [
      "shap's values and base miss the answer of this {1} by {2}: shap misreads its trees, or it answers with more than their sum",
      "shap 的各值加基准值与这个 {1} 的输出相差 {2}：shap 误读了它的树，或者它的输出不只是树的总和",
    ],
    ["{1} is for {2}, and this is {3} {4}", "{1} 适用于 {2}，而这里是 {4}"],
    [
      "the model returned NaN or infinity for {1} of {2} perturbed inputs: every output must be a finite number; check it on an input with parts hidden",
      "{2} 个扰动输入中，模型对 {1} 个返回了 NaN 或无穷大：每个输出都必须是有限的数；请用隐去一部分的输入检查模型",
    ],
    [
      "the model's gradients or outputs are NaN or infinite here, so there are no attributions: check it on this input, in float32",
      "模型的梯度或输出在此为 NaN 或无穷大，得不到归因：请在这个输入上以 float32 检查模型",
    ],
    [
      "the model raised {1}: {2}. {3} asks it with gradients: check that it can be called so, or use shapley or lime, which only ask it",
      "模型报错 {1}：{2}。{3} 要对模型求梯度：请确认模型可以这样调用，或改用只需调用模型的 shapley 或 lime",
    ],
    [
      "the model raised {1}: {2}. {3} asks it about changed inputs, with gradients where it needs them",
      "模型报错 {1}：{2}。{3} 用改动过的输入调用模型，需要时还要求梯度",
    ],
    [
      "the model raised {1}: {2}. limelight hides parts of the input; check that the model accepts such inputs",
      "模型报错 {1}：{2}。limelight 会隐去输入的一部分；请确认模型接受这样的输入",
    ],
    ["the model raised {1}: {2}", "模型报错 {1}：{2}"],
  ],
  between: "；",
  sentence: (text) => (/[。！？…]$/.test(text) ? text : `${text}。`),
  percent: (number) => `${number}%`,
  given: (name) =>
    name
      .replace(/^(segment|picture) (\d+)$/, (_, what, i) => `${what === "segment" ? "区域" : "图片"} ${i}`)
      .replace(/^row (\d+)$/, "第 $1 行"),

  card: {
    explanation: (model) => `${model} 的解释`,
    comparison: (names) => `对比：${names.join("、")}`,
    notes: "说明",
    terms: "这些词的含义",
    asking: "正在调用模型",
    ended: (state) => `解释${STATES[state] ?? state}`,
    damaged: (where) => `此视图的数据已损坏，无法显示（${where}）。请重新运行该单元格，或重新获取文件。`,
    failed: (n, message, kept) =>
      `评估 ${count(n)} 次后中止：${message}${kept ? "\n此前的结果已保留，仍在显示。" : ""}`,
  },

  noKernel: {
    missing: (method, output) =>
      `尚未对 ${output} 计算${spaced(method)}，也没有内核可以计算：请重新运行该单元格`,
    ended: (state, missing) =>
      (missing ? "尚未计算；" : state === "running" ? "" : `${STATES[state] ?? state}；`) + NO_KERNEL,
    more: NO_KERNEL,
    whatIf: "没有内核，无法调用模型：请重新运行该单元格后再试",
    invites: (invitation) => invitation,
  },

  page: {
    missing: (method, output) => `保存此页面之前，尚未对 ${output} 计算${spaced(method)}`,
    ended: (_state, missing) => (missing ? "尚未计算；已保存的页面" : "已保存的页面：不能再调用模型"),
    more: "已保存的页面：不能再调用模型",
    whatIf: "保存此页面之前，没有就此调用过模型",
    invites: (invitation) => `${invitation}此页面只包含保存之前已得到的预测。`,
    old: "浏览器版本过旧，无法显示交互视图。请使用 Chrome 或 Edge 80、Firefox 113、Safari 16.4 或更新的版本。",
    cut: "文件不完整：此视图的数据有缺失。请重新获取该文件，或重新保存。",
    changed: "此视图的数据已损坏：页面保存之后，数据被改动过。请重新获取该文件，或重新保存。",
    lost: "文件不完整：缺少部分视图。请重新获取该文件，或重新保存。",
  },

  file: {
    missing: (method, output) => `保存之前，尚未对 ${output} 计算${spaced(method)}`,
    ended: (_state, missing) => (missing ? "尚未计算；从文件加载" : "从文件加载：不能再调用模型"),
    more: "从文件加载：不能再调用模型",
    whatIf: "保存之前，没有就此调用过模型",
    invites: (invitation) => `${invitation}文件只包含保存之前已得到的预测。`,
  },

  unfold: {
    more: (rest) => `还有 ${rest} 项`,
    some: (some, rest) => `还有 ${rest} 项，再显示 ${some} 项`,
    fewer: "收起",
  },

  outputs: {
    title: "要解释的输出",
    predicted: "模型的预测",
    chosen: (name) => `正在解释 ${name}`,
  },

  methods: {
    title: "方法",
    all: "全部方法",
    more: (n) => `全部 ${n} 种`,
    moreMethods: (n) => `全部 ${n} 种方法`,
    kinds: {
      perturbations: "基于同一批扰动：在这些方法之间切换，不必重新调用模型",
      passes: "基于模型的梯度",
      evaluations: "基于各自的评估，或直接来自模型",
    },
    unable: (label, reason) => `${label} 在此无法运行：${reason}`,
    chosen: (label) => `方法：${label}`,
    colon: "：",
  },

  tells: {
    lime: "在这个输入附近用线性模型拟合模型的输出，所得的系数。",
    shapley: `把预测公平地分摊给每个部分。${ADD_UP}`,
    banzhaf: "其他部分各以一半的概率出现时，该部分平均带来的变化。",
    occlusion: "只去掉这一部分时，输出损失多少。",
    windows: "用窗口逐处遮挡，窗口盖住这一部分时输出损失多少。",
    permutation_shapley: `按随机次序逐个加入各部分，该部分平均带来的变化。${ADD_UP}`,
    rise: "随机软掩码露出这一部分时，输出高出多少。不是份额。",
    tree_shap: `把预测公平地分摊给每个部分，由树结构直接算出。${ADD_UP}`,
    linear_shap: `把预测公平地分摊给每个部分，由权重直接算出。${ADD_UP}`,
    saliency: `这一部分略微增大时，输出上升得多快。${SLOPES}`,
    saliency_of_text: `这个词的嵌入变动时，输出变动得多快（不论升降）。${LENGTHS}`,
    input_x_gradient: `斜率乘以输入本身的值。${SLOPES}`,
    integrated_gradients: "从基线到这个输入，沿途累积的斜率；相加等于输出的变化，只差少许误差。",
    smooth_grad: `斜率，在这个输入的多份加噪副本上取平均。${SLOPES}`,
    smooth_grad_of_text: `这个词的嵌入变动时，输出变动得多快（不论升降），在多份加噪副本上取平均。${LENGTHS}`,
    gradient_shap: "在基线与这个输入之间的随机点上累积的斜率；平均而言，相加等于输出的变化。",
    deep_lift: `把输出相对于基线的变化，逐层往回分摊。${ADD_UP}`,
    lrp: "把输出逐层往回分摊给产生它的各部分。",
    grad_cam: "某一层中使输出升高的通道在哪里激活：图较粗略，也不是份额。",
  },

  bars: {
    title: "归因",
    lowers: "\u2212 降低，",
    raises: (output) => `+ 提高：${output}`,
    reading: (name, value, amount) => `${name}${value && ` = ${value}`}：${amount}`,
    heard: (interval) => `，${interval}`,
    sizes: (kind, output) => `每个${PART[kind]}对“${output}”影响多大（不论升降）`,
    output: (name, space) => (space === "value" ? name : `${name} 的${spaced(SPACES[space] ?? space)}`),
    unknown: "区间未知",
    exact: (value) => `${value}，精确`,
    interval: (low, high) => `95% 区间：${low} 至 ${high}`,
  },

  links: {
    title: "交互作用",
    beyond: "两个特征合起来的作用，超出各自单独作用的部分",
    label: (title, beyond) => `${title}：${beyond}`,
    and: " 与 ",
    pair: ([first, second], value, interval) => `${first} 与 ${second}：${value}，${interval}`,
  },

  text: {
    title: "文本",
    unseen: "模型看不到这部分",
    invitation: "点按一个词将其去掉，看预测如何变化。",
  },

  picture: {
    seen: "模型的输入",
    told: "起作用的部分",
    asking: "正在计算…",
    unable: "此处无法显示这张图片。",
    none: "尚无结果",
    places: ["左上", "上方", "右上", "左侧", "中间", "右侧", "左下", "下方", "右下"],
    part: (segment, place, value) => `${segment}（${place}）${value}`,
    counted: (output, parts) => `对 ${output} 起作用的部分：${parts.join("、")}`,
    invitation: "点按一个区域或它的条形将其去掉，看预测如何变化。",
    looks: "绘制方式",
    pixels: "像素",
    heat: "热力图",
    segments: "区域",
    outline: "轮廓",
    top: "主要区域",
    eachPixel: "逐像素，略加平滑",
    eachSegment: "按区域，各取其像素之和",
    opacity: "不透明度",
  },

  values: {
    invitation: "改动一个值，看预测如何变化。",
    edit: (value) => `${value}：改动它，看预测如何变化`,
    editNamed: (name, value) => `${name}，${value}：改动它，看预测如何变化`,
    group: (value) => `${value}：一组特征，一同隐藏；其中的值不能改动`,
    notNumber: "不是数字：未改动",
    empty: "空值：未改动",
  },

  whatIf: {
    asks: (invitation) => `${invitation}这会调用模型；条形图不变。`,
    changed: (n) => `已改动 ${n} 项：`,
    out: (n) => `已去掉 ${n} 项：`,
    asking: "正在调用模型…",
    back: "全部还原",
    restored: "已全部还原",
  },

  deck: {
    counts: {
      perturbations: ["扰动次数", "结果取自这个输入的多少个变体，每个变体隐去了一些部分"],
      passes: ["梯度计算次数", "为得到这个结果，对模型求了多少次梯度"],
      evaluations: ["评估次数", "为得到这个结果，调用了模型多少次"],
    },
    width: "核宽度",
    aboutWidth: (usual) =>
      `变体离这个输入多近才算数：窄则只看这个输入本身，宽则连隐去很多的变体也算。刻度处为默认值 ${usual}`,
    effectiveSamples: "有效样本数",
    aboutEffective: "按权重折算，相当于有这么多变体算数；要增加，请加大核宽度，或继续采样",
    usual: "，默认值",
    of: (n, limit) => `${count(n)} / ${count(limit)}`,
    first: (wanted, n) => `前 ${count(wanted)} / ${count(n)}`,
    evaluated: (wanted, n, limit) =>
      `已评估 ${count(n)} 次，取前 ${count(wanted)} 次，上限 ${count(limit)} 次`,
    asItWas: (method, n) => `${count(n)} 次时的 ${method} 结果`,
    fewer: "次数较少时的结果",
    complete: "已穷尽所有组合",
    enough: "已足够：不必再采样",
    pairsOnly: "继续采样只会改变交互作用",
    certain: "已足够：继续采样不会改变结果",
    left: "向左拖，看次数较少时的结果",
    allEvaluated: "已全部评估：向左拖，看次数较少时的结果",
    green: "绿色：已评估。拖过绿色部分，即可继续采样。",
    working: "正在计算…",
    effective: (effective, n, few) =>
      `有效样本数 ${count(effective)} / ${count(n)}${few ? "：太少，不可信" : ""}`,
    actions: { running: "停止", done: "继续采样", stopped: "继续", failed: "重试" },
    keep: "停下，保留已有结果",
    upTo: (limit) => `采样至 ${count(limit)} 次`,
    reset: "重置",
    aboutReset: "使用全部扰动和默认核宽度",
    wasReset: "滑块已重置",
  },

  foot: {
    fit: "拟合 R\u00b2",
    aboutFit: "在未用于拟合的扰动上，解释对模型输出的预测有多准：1 为完全准确",
    order: "前 5 名次序稳定度",
    aboutOrder: "最重要的五项次序正确的把握有多大",
    aboutWidest: "最宽的 95% 区间的一半，单位与输出相同",
    level: "（95%）",
    gap: "完备性误差",
    aboutGap: "各值之和本应等于输出的变化，此处为两者之差占各值绝对值之和的比例",
    aboutDrawn: "其余的扰动是在 Shapley 值最没把握处挑选的，用在这里会使权重失真",
    drawn: (method, read, n) => `${method} 只用 ${count(n)} 次中随机抽取的 ${count(read)} 次`,
    certain: ["精确", "没有任何随机成分，积分与求和也没有遗漏"],
    routes: {
      linear: COMPUTED,
      tree: COMPUTED,
      kernel: COMPUTED,
      "odd process": ["用高斯过程估计", SMOOTHED],
      regression: ["用回归估计", REGRESSED],
      "odd process and regression": [
        "用高斯过程估计，部分输出用回归",
        `每个输出取对未见数据预测更准的一种：${SMOOTHED}；或者${REGRESSED}`,
      ],
    },
    opened: (source) => `来自${spaced(source)}`,
    complete: "精确：所有组合均已评估",
    busy: "等待中：内核正在运行另一个单元格",
    slow: "模型响应较慢，或有其他单元格正在运行…",
    asking: "正在调用模型…",
    streaming: (rate) => (rate ? `采样中，每秒 ${rate} 次` : "采样中"),
    ended: (state, time) => (STATES[state] ?? state) + (time && `，用时 ${time}`),
    seconds: (seconds) => `${seconds} 秒`,
    minutes: (minutes, seconds) => `${minutes} 分 ${seconds} 秒`,
    trace: (lines, from, to) => `最大的 ${lines} 个归因值，从 ${count(from)} 次到 ${count(to)} 次`,
    aboutTrace: "线条走平：结果已稳定；虚线使输出降低",
    line: (name, [from, to]) => `${name} 从 ${from} 到 ${to}`,
  },

  compare: {
    bars: (name) => `归因，${name}`,
    text: (name) => `文本，${name}`,
    picture: (name) => `起作用的部分，${name}：数值见下方条形图`,
    absent: "此处没有",
    reading: (value, amount) => (value ? ` = ${value}：${amount}` : ` ${amount}`),
    notHere: "：此处没有",
    said: (feature, readings) =>
      `${feature}：${readings.map(({ name, reading }) => `${name}${reading}`).join("；")}`,
    full: (reach) => `最深颜色：${reach}`,
    ownScales: "各列刻度不同：并非所有列的值相加都等于预测",
    someOwn: "值相加等于预测的各列共用一个刻度；其余各列各有刻度",
    oneScale: (reach, space) =>
      `共用刻度，最大 ${reach}${space === "value" ? "" : `（${SPACES[space] ?? space}）`}`,
    nothing: "没有共同的特征，无从对比",
    common: (kind) => `共有的${PARTS[kind]}`,
    aboutCommon: "两列都有的个数，与较长一列的总数",
    rank: "排序一致度",
    aboutRank: "绝对值的斯皮尔曼相关系数：1 为重要性次序完全相同，0 为毫无关系",
    shared: (top) => `前 ${top} 名相同`,
    aboutShared: (top) => `最重要的 ${top} 个特征中有几个相同`,
    both: (first, second) => `${first} 与 ${second}`,
    against: (first, second) => `${first} 对 ${second}`,
    between: "；",
    of: (common, of) => `${common} / ${of}`,
    range: (low, high) => `${low} 至 ${high}`,
    pairs: (n) => `共 ${n} 对`,
    none: "无",
    few: "太少",
    noOrder: "没有一对能排出次序",
    disagree: "正负相反：",
    differ: "符号不同：",
    apart: (between) => `符号不同：${between}`,
    comma: "、",
    andMore: (n) => `，另有 ${n} 项`,
  },
};

/** A space before Latin letters, and none before Chinese ones. @param {string} word */
function spaced(word) {
  return /^[\x20-\x7e]/.test(word) ? ` ${word}` : word;
}
